#!/bin/bash
# A change goes to the runner that a node has already, and by the script of the
# first deploy where anything there is not as it was left.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
PATH=$O/t/bin:$PATH
fleet_up web1
fleet_acme web1
mkdir -p files/etc
root=$FLEET/web1/root keep_root=$root/var/lib/keep
echo '{"files": {"/etc/word": {"text": "= word"}}, "word": "first"}' > common.json
keep -q compile
commit

# Who runs the script leaves a trace.
cat > "$root/usr/local/bin/sh" << 'END'
#!/bin/sh
case $2 in *KEEP_ROOT*) echo ran > /srv/script ;; esac
exec /bin/sh "$@"
END
chmod +x "$root/usr/local/bin/sh"
# goes WORD: a deploy of it.
goes() {
	sed -i "s/\"word\": \".*\"/\"word\": \"$1\"/" common.json
	keep -q compile && commit && rm -f "$root/srv/script" &&
		keep deploy web1 --yes && [ "$(cat "$root/etc/word")" = "$1" ]
}
current() {
	echo "$keep_root/$(readlink "$keep_root/current")"
}
was_script() {
	check "$1" test -e "$root/srv/script"
}

check "a first deploy" goes one
was_script "is by the script"
check "a second one" goes two
check_exit 1 "is not" test -e "$root/srv/script"
check "nor the next" goes three
check_exit 1 "(which no shell sees)" test -e "$root/srv/script"

mkdir -p "$root/etc/keep"
echo 'no more today' > "$root/etc/keep/no-deploy"
check_exit 3 "a veto holds" goes four
check_like "and is told" 'vetoed: no more today'
was_script "by the script"
rm "$root/etc/keep/no-deploy"
check "without it it goes" goes five

sed -i 's/ 0 / 1 /' "$keep_root/applied"
check "what was not applied well is followed by the next" goes six
was_script "by the script"
echo 'exit 9' > "$(current)/run"
check "a runner that somebody wrote to is not asked" goes seven
was_script "but the script"
: > "$(current)/run.take"
check "nor is one that lacks a part" goes seven-and-half
was_script "but the script"
rm -r "$(current)"
check "nor is one that is gone" goes eight
was_script "but the script, too"
echo 'export PERL5OPT=-MNothing' > "$root/root/.bashrc"
check "where perl does not start as it is told" goes nine
was_script "it is told otherwise by the script"
echo 'export PERL5LIB=/srv' > "$root/root/.bashrc"
echo 'die' > "$root/srv/strict.pm"
check "and where it might read what others wrote" goes ten
was_script "too"
rm "$root/root/.bashrc"
echo 'a b c d e f' > "$keep_root/lock"
check "a stale lock is none" goes eleven
was_script "which the script finds"

# A perl that ends behind its work without a word of that.
cat > "$root/usr/local/bin/perl" << 'END'
#!/bin/sh
case $2 in *KEEP_ROOT*) /usr/bin/perl "$@" > /srv/said; exit 1 ;; esac
exec /usr/bin/perl "$@"
END
chmod +x "$root/usr/local/bin/perl"
check "who ended without a word" goes twelve
check_like "had done it" '^web1 +changed '
check_like "(as it would have told)" '^K1 ok' "$root/srv/said"
was_script "of which the script tells"
check_same "and once" 1 "$(grep -c " $(basename "$(current)") .* start$" \
	"$keep_root/journal")"
rm "$root/usr/local/bin/perl"

for name in fish zsh; do
	path=$(command -v $name) || continue
	sed -i "s,^\(root:.*:\).*,\1$path," "$root/etc/passwd"
	check "who has $name for a shell" goes "by $name"
	check_exit 1 "is reached directly, too" test -e "$root/srv/script"
done
