#!/bin/bash
# tags: nosan sweep
# A compile that is killed leaves the old output or the new, never a mix.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

cat > files <<'END'
{"/etc/issue": {"text": "= 'this is ' + name"},
 "/etc/old/pw": {"text": "= pw"}, "/etc/same": {"source": "same"}}
END
{
	keep init good --name I --domain example.org --no-commit &&
		keep -C good node add web1 ip_address=192.0.2.1 services=web \
			"pw== secret('a')" "files=$(cat files)" &&
		keep -C good node add ns1 ip_address=192.0.2.2 services=dns &&
		keep -C good node add gone ip_address=192.0.2.3 services=dns
} > setup 2>&1 || cat setup >&2
mkdir -p good/files && echo same > good/files/same
cp -r good old && keep -C old compile > setup && cp -r old/compiled first

fresh() {
	rm -rf i
	cp -r good i
}
# Two trees are equal; serials tell the time.
same() {
	diff -r -I '"serial": [0-9]*' -I ' ; serial$' "$@" > differs
}
# Nothing is left over that git would take.
clean() {
	[ -z "$(find i -name '.keep-*.tmp' ! -path '*/picks/*')" ]
}
nothing_left() {
	[ -z "$(find i -name '.keep-*.tmp')" ]
}
# 137: killed. What was made serves the next compile, which ends what began.
first_or_nothing() {
	[ "$1" = 137 ] || [ "$1" = 0 ] || return
	clean || return
	[ ! -e i/compiled ] || same i/compiled first || return
	keep -C i compile > again 2>&1 &&
		same i/compiled first &&
		[ ! -e i/.keep/compiled.new ] && nothing_left
}
sweep kill "a first compile that is killed leaves all of compiled/ or nothing" \
	fresh first_or_nothing keep -C i compile

# The second compile changes a node and its files, adds one, removes one, keeps
# one, makes a secret and draws a number.
cat > files <<'END'
{"/etc/issue": {"text": "= pw"}, "/etc/new/file": {"text": "new"},
 "/etc/same": {"source": "same"}}
END
{
	cp -r old edited &&
		keep -C edited node rm gone &&
		keep -C edited node set web1 "pw== secret('b')" \
			"n== randint('n', 5, 5)" "files=$(cat files)" &&
		keep -C edited node add web2 ip_address=192.0.2.4 services=web
} > setup 2>&1 || cat setup >&2
cp -r edited new && keep -C new compile > setup

edited() {
	rm -rf i
	cp -r edited i
}
made() {
	grep -q '"b"' i/secrets.dev.json && [ -s i/picks/n ]
}
old_or_new() {
	[ "$1" = 137 ] || [ "$1" = 0 ] || return
	clean || return
	if same i/compiled new/compiled; then
		made || return
	else
		same i/compiled old/compiled || return
	fi
	keep -C i compile > again 2>&1 &&
		same i/compiled new/compiled && made &&
		[ ! -e i/.keep/compiled.new ] && nothing_left
}
sweep kill "a compile that is killed leaves the old output or the new" \
	edited old_or_new keep -C i compile

# By a signal that keep hears, it ends before it writes, or has written all.
heard() {
	[ "$1" = 143 ] || return
	clean && [ ! -e i/.keep/compiled.new ] || return
	if grep -q '^keep: cancelled' "$ERR"; then
		same i/compiled old/compiled
	else
		same i/compiled new/compiled && made
	fi
}
export KEEP_FAULT_SIGNAL=15
sweep kill "a compile that is told to end ends with the old output or the new" \
	edited heard keep -C i compile
edited
check_exit 143 "a signal at the first point" \
	env KEEP_FAULT_AT=1 "LD_PRELOAD=$O/t/fault/kill.so" keep -C i compile
check_like "ends it while nothing is made" '^keep: cancelled' "$ERR"
