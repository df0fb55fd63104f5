#!/bin/bash
# keep deploy: from an instance to nodes, which are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2 web3
fleet_up -u ada db1
fleet_acme web1 web2 web3 db1
mkdir -p services recipes/site
echo "{\"word\": \"hello\", \"pw\": \"= secret('site')\"}" > services/site.json
cat > recipes/site/apply << 'END'
. "$KEEP_DIR/config.sh"
echo "$KEEP_word" > /srv/word
cat "$KEEP_DIR/secret/pw" > /srv/pw
echo "the word is $KEEP_word"
END
cat > recipes/site/test << 'END'
[ -e /srv/mended ] || ! grep -qx broken /srv/word || {
	echo 'not that word' >&2
	false
}
END
for node in web1 web2 web3 db1; do
	keep -q node set $node services=site
done

# known NAME: the generation that the node has.
current() {
	basename "$(readlink "$FLEET/$1/root/var/lib/keep/current")"
}

# --- refused -----------------------------------------------------------------
check_exit 2 "no filter is refused" keep deploy --yes
keep -q compile
keep -q node set web1 word=new
check_exit 4 "what is not compiled is not deployed" \
	keep deploy web1 --yes --dirty
keep -q node unset web1 word
check_like "and the command that helps is named" 'hint: keep compile' "$ERR"
check_exit 4 "what is not committed is not deployed" keep deploy web1 --yes
commit
check_exit 9 "without --yes nobody can be asked" keep deploy web1
check_like "and that is said" 'hint: --yes' "$ERR"
check_exit 1 "nothing of it reached the node" \
	test -e "$FLEET/web1/root/var/lib/keep"

# --- the way it goes -----------------------------------------------------------
check "a node takes its first generation" deploy web1 --yes
told "and is changed" '.[] | .node + .state' web1changed
check_same "its recipes were applied" hello "$(cat "$FLEET/web1/root/srv/word")"
check_like "what a recipe prints is told" '"text":"the word is hello"'
check "the same again is no work" deploy web1 --yes
told "and is told so" '.[] | .node + .state' web1unchanged
check "many nodes at once" keep deploy all --yes
check_like "each has a line in the table" '^db1 +changed +[0-9.]+s$'
check_like "and they are counted" '^3 changed|^1 unchanged, 3 changed'
check_same "who is not root becomes it" hello \
	"$(cat "$FLEET/db1/root/srv/word")"

keep -q node set web1 word=bye
commit
check "a change is sent" deploy all --yes
told "to the node that it is for" '[.[] | select(.state == "changed").node] | join(" ")' web1
check_same "which has it" bye "$(cat "$FLEET/web1/root/srv/word")"

rm -r .keep/nodes
keep -q node set web1 word=again
commit
check "where nothing is known, a node is asked" deploy all --yes
told "and what it lacks is sent" 'map(.state) | join(" ")' \
	'unchanged changed unchanged unchanged'

# --- back -----------------------------------------------------------------------
was=$(current web1)
check "a node goes back to what it was" \
	keep --format=json rollback web1 --yes
told "which is a change" '.[] | .node + .state' web1changed
check_same "it is that" bye "$(cat "$FLEET/web1/root/srv/word")"
check "once more undoes it" keep --format=json rollback web1 --yes
told "it has the generation that it had" '.[].id' "$was"
check "going to where it is is no work" \
	keep --format=json rollback web1 --yes --to "$was"
told "and told so" '.[].state' unchanged
check "the beginning of an id is enough" \
	keep --format=json rollback web1 --yes --to "${was:0:7}"
told "it is that" '.[] | .state + .id' "unchanged$was"
twin=$FLEET/web1/keep/gen/${was:0:63}z
twin=${twin%z}$(printf %x $((15 - 0x${was:63})))
mkdir "$twin"
check_exit 3 "where two begin so, none is taken" \
	keep --format=json rollback web1 --yes --to "${was:0:7}"
told "and both are told" \
	'.[].text | [scan("[0-9a-f]{64}")] | sort | join(" ")' \
	"$(printf '%s\n' "$was" "${twin##*/}" | sort | paste -sd ' ')"
rmdir "$twin"
check_exit 2 "three digits are too few" keep rollback web1 --yes --to abc
for word in none '????' .new; do
	check_exit 2 "'$word' begins no id" keep rollback web1 --yes --to "$word"
done
check_exit 3 "what was never there cannot come back" keep --format=json \
	rollback web1 --yes --to "$(printf %064d 1)"
told "which is told" '.[].text | test("is not there any more$")' true
check_exit 3 "nor what was before the first deploy" \
	keep --format=json rollback web3 --yes
told "which is told, too" '.[].text' 'it has nothing to go back to'
check "a deploy after it needs to know nothing" deploy web1 --yes
told "for it asks" '.[].state' unchanged

# --- what fails ------------------------------------------------------------------
was=$(current web1)
keep -q node set web1 word=broken
commit
check_exit 3 "a test that fails is a failure" deploy web1 --yes
told "the node goes back" '.[] | .state + " " + .text' \
	'rolled_back site: test: exit status 1: not that word'
more=$(jq -rs '.[-1].result.nodes[].more' "$OUT")
check "and a command is named" sh -c "$more"
check_like "which shows all" '^web1: not that word$'
check_like "and what had failed" '^web1: failed: site: test$'
check_same "to the generation before" "$was" "$(current web1)"
check_same "and the recipes of that are applied" again \
	"$(cat "$FLEET/web1/root/srv/word")"
touch "$FLEET/web1/root/srv/mended"
check "when it is mended, it comes through" deploy web1 --yes
told "as changed" '.[].state' changed

mkdir -p "$FLEET/web2/root/etc/keep"
echo 'not today' > "$FLEET/web2/root/etc/keep/no-deploy"
check_exit 3 "a node may veto" deploy web2 --yes
told "its reason is shown" '.[] | .state + ": " + .text' 'skipped: vetoed: not today '
rm "$FLEET/web2/root/etc/keep/no-deploy"
fleet_down web3
check_exit 7 "a node that is down is unreachable" deploy web2 web3 --yes
told "the others are done" 'map(.state) | join(" ")' 'unchanged unreachable'
fleet_up web3
cp files/nodes/web2/ssh_host_key.pub files/nodes/web1/
commit
for by in auto libssh2 openssh; do
	check_exit 3 "another host key is not trusted by $by" \
		deploy web1 --yes --transport "$by"
	told "which is told ($by)" '.[].state' failed
done
check_unlike "--yes takes no host key" '"state":"changed"'
rm files/nodes/web1/ssh_host_key.pub
cut -d ' ' -f 1,2 "$FLEET/web1/host_key.pub" > files/nodes/web1/ssh_host_key.pub
commit

keep -q node set web2 ssh.user=bob
commit
for by in auto libssh2 openssh; do
	check_exit 3 "a node that lets us not in is up, and failed ($by)" \
		deploy web2 --yes --transport "$by"
	told "which is told ($by)" '.[].state' failed
	check_exit 3 "a command says so, too ($by)" \
		keep --format=json run web2 --transport "$by" -- true
	told "which is told as well ($by)" '.[].state' failed
done
keep -q node set web2 ssh.user=root
commit

# --- by ssh, and through noise ------------------------------------------------------
sed -i 's/hello/good day/' services/site.json
commit
check "ssh does it, too" deploy web2 db1 --yes --transport openssh
told "with what is changed" 'map(.state) | join(" ")' 'changed changed'
check_same "for root" 'good day' "$(cat "$FLEET/web2/root/srv/word")"
check_same "and for who becomes it" 'good day' "$(cat "$FLEET/db1/root/srv/word")"
rm -r .keep/nodes
sed -i 's/good day/hi/' services/site.json
commit
check "by ssh a node is asked, too" deploy web3 db1 --yes --transport openssh
told "where nothing is known" 'map(.state) | join(" ")' 'changed changed'
check_same "and has all of it" hi "$(cat "$FLEET/db1/root/srv/word")"
printf 'echo welcome; echo K1 to this server; echo >&2 oops\n' \
	| tee "$FLEET/web3/root/root/.bashrc" > "$FLEET/web3/root/root/.profile"
sed -i 's/hi/noise/' services/site.json
commit
check "shells that print greetings do not matter" deploy web3 --yes
told "to a change" '.[].state' changed
check "nor" deploy web3 --yes
told "to none" '.[].state' unchanged
