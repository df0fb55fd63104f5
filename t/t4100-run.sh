#!/bin/bash
# keep run: a command on nodes, which are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent
fleet_up web1 web2
fleet_up -n far1
fleet_up -u ada db1
keep init acme --no-commit > "$OUT"
cd acme || exit
fleet_add web1 web2 far1 db1


check "a command runs on every node of the filter" \
	keep run web1 web2 -- 'echo "$(hostname) $(id -un)"; echo oops >&2'
check_like "its lines stand behind the name of the node" '^web1: web1 root$'
check_like "of each node" '^web2: web2 root$'
check_like "stderr, too" '^web2: oops$'
check_like "a table is at the end" '^web1 +ok +0 +[0-9.]+s$'
check_unlike "and no other node is in it" '^far1'
check "libssh2 speaks" keep --format=json run web1 -- true
told "and that is told" '.[].by' libssh2
check "words are joined, for the shell there" \
	keep --format=json run web1 -- printf "'%s\\n'" 'one  "two  three"' '|' tac
check_same "as ssh does it" $'two  three\none' \
	"$(jq -r '.item | select(.) | .line' "$OUT")"
check "what a terminal may not be sent is shown" keep run web1 -- \
	"printf 'a\\tb\\033[2J\\377\\nno end'"
check_like "as such" '^web1: a	b\\x1b\[2J\\xff$'
check_like "a last line needs no end" '^web1: no end$'

check_exit 3 "a command may fail" \
	keep --format=json run web1 far1 -- '[ "$(hostname)" = web1 ] || exit 9'
told "on the node that it failed on" '.[] | .node + .state + (.status|tostring)' \
	$'far1failed9\nweb1ok0'

# --- who is not root ------------------------------------------------------------
hostile="'; id; \$(touch /tmp/x) \\\\ \" \`id\`"
check "another user becomes root" keep run db1 -- 'id -un; cat' "<< 'END'
$hostile
END"
check_like "by sudo" '^db1: root$'
check_same "and no quote is lost on the way" "db1: $hostile" \
	"$(grep touch "$OUT")"
on_node db1 mv /etc/sudoers.d /etc/sudoers.not
check_exit 3 "where sudo would ask, it does not hang" keep run db1 -- true
check_like "and says so" 'db1: sudo: a password is required'
on_node db1 mv /etc/sudoers.not /etc/sudoers.d

# --- what goes wrong --------------------------------------------------------------
check_exit 2 "no filter is refused" keep run -- true
check_like "and told how many nodes all is" 'hint: .all. is 4 nodes' "$ERR"
check_exit 2 "no command is refused" keep run web1
check_exit 2 "nor is one taken that stands before the --" keep run web1 uname
check_like "which is told" 'hint: it stands behind --: -- uname$' "$ERR"
check_exit 4 "a filter that selects nothing is refused" \
	keep run web1 +web2 -- true
fleet_cut far1
check_exit 7 "a node that is not there is unreachable" \
	keep --format=json run all --timeout 5s -- true
told "and only that one" '.[] | select(.state != "ok") | .node + .state' \
	far1unreachable
for by in libssh2 openssh; do
	check_exit 7 "which it is as soon as --timeout says ($by)" \
		timeout 8 keep run far1 --timeout 1s --transport $by -- true
	check_like "and that is told ($by)" '^far1 +unreachable .* in time \(--timeout '
done
fleet_join far1

# mute ADDRESS PORT: connections come through, and nobody says a word.
mute() {
	perl -MIO::Socket -e 'IO::Socket::INET->new(LocalAddr => $ARGV[0],
		LocalPort => $ARGV[1], Listen => 9) or die; sleep 1000' "$@" &
	wait_for_socket "$1:$2"
}
mute 127.1.99.1 2222
read -r -a at < "$FLEET/web2/at"
keep -q node set web2 ip_address=127.1.99.1 ssh.port=2222
for by in libssh2 openssh; do
	check_exit 7 "one that says nothing is unreachable as soon ($by)" \
		timeout 8 keep run web2 --timeout 1s --transport $by -- true
done
keep -q node set web2 "ip_address=${at[0]}" "ssh.port=${at[1]}"
check_exit 3 "a command that hangs has a deadline" \
	keep --format=json run web1 web2 --timeout 3s -- \
	'echo begun; [ "$(hostname)" = web1 ] || sleep 1000'
told "on its node alone" 'map(.state) | join(" ")' 'ok failed'
cp files/nodes/web2/ssh_host_key.pub files/nodes/web1/
for by in auto libssh2 openssh; do
	check_exit 3 "a node with another host key is not trusted by $by" \
		keep --format=json run web1 web2 --transport $by -- 'touch /was-here'
	told "and that is told ($by)" '.[] | select(.state != "ok") | .node' web1
	told "with what helps ($by)" \
		'.[] | select(.state != "ok") | .text | test("keep node rekey web1 ")' true
done
told "its name stands there once" \
	'.[] | select(.state != "ok") | .text | test("^web1")' false
told "the others do it" '.[] | select(.state == "ok") | .node' web2
check_exit 1 "nothing runs there" test -e "$FLEET/web1/root/was-here"
rm files/nodes/web1/*
check_exit 3 "nor does it on one without a known key" keep run web1 -- true
check_like "and what helps is named" \
	'^web1 .* no host key of web1 is known \(`keep node init web1` '
cut -d ' ' -f 1,2 "$FLEET/web1/host_key.pub" \
	> files/nodes/web1/ssh_host_ed25519_key.pub

# --- without an agent ---------------------------------------------------------------
agent=$SSH_AUTH_SOCK
unset SSH_AUTH_SOCK
check "without an agent ssh finds the user's key" \
	keep --format=json run web1 db1 -- true
told "and speaks" 'map(.by) | join(" ")' 'openssh openssh'
check_exit 5 "libssh2 needs one" keep run web1 --transport libssh2 -- true
mv ~/.ssh/id_ed25519 ~/.ssh/away
check_exit 3 "without that, too, nobody is let in" keep run web1 -- true
check_like "and it is told that there is no agent" \
	'Permission denied .*\(no ssh-agent is known: .*ssh-add.*\)$'
mv ~/.ssh/away ~/.ssh/id_ed25519
SSH_AUTH_SOCK='' check "an empty name is none" keep run web1 -- true
fleet_cut far1
check_exit 7 "a node that is silent" \
	keep --format=json run far1 --timeout 1s -- true
told "is not the agent's fault" \
	'.[].text | test("^it did not let us in in time \\(--timeout")' true
fleet_join far1
frozen=$(ssh-agent -a "$PWD/frozen" | sed -n 's/^SSH_AGENT_PID=\([0-9]*\).*/\1/p')
kill -STOP "$frozen"
SSH_AUTH_SOCK=$PWD/frozen check_exit 7 "one that is frozen is not waited for longer" \
	timeout 30 "$KEEP" --format=json run web1 --timeout 1s -- true
told "and told to be what hinders" \
	'.[].text | test("^it did not let us in in time \\(the ssh-agent .* did not answer in time")' \
	true
kill -KILL "$frozen"
export SSH_AUTH_SOCK=$agent

# --- many, and Ctrl-C ---------------------------------------------------------------
check "one after the other" keep --format=json run web1 web2 far1 -j 1 -- \
	'echo begin; sleep 0.1; echo end'
check_same "when -j says so" "$(printf 'begin end%.0s ' 1 2 3)" \
	"$(jq -r '.item | select(.) | .line' "$OUT" | tr '\n' ' ')"
check "Ctrl-C lets a node finish that has begun" "$TOP/t/signalled" out INT \
	keep --format=json run web1 web2 -j 1 -- 'echo begun; sleep 1; echo done'
check_same "and ends as a shell expects it" 'killed by 2' "$(tail -n 1 "$OUT")"
sed -i "\$d" "$OUT"
told "and starts no other" 'map(.state) | join(" ")' 'ok skipped'
check "Ctrl-C twice does not" "$TOP/t/signalled" out INT,INT \
	keep --format=json run web1 web2 -j 1 -- 'echo 1; sleep 1; echo 2; sleep 20; echo done'
sed -i "\$d" "$OUT"
told "what began there is not said to be skipped" \
	'map(.state + ": " + .text) | join(", ")' \
	'failed: it was stopped: what began there may go on, skipped: it was not started'

# --- what it costs --------------------------------------------------------------
fleet_proxy web1 20
read -r -a at < "$FLEET/web1/at"
keep -q node set web1 "ip_address=127.200.${at[0]#*.*.}" ssh.port=2222
check "a node that is far away" keep --format=json run web1 -- true
told "is reached by libssh2" '.[].by' libssh2
read -r -a trips < <(fleet_trips web1)
check_exit 0 "in no more round trips than a login and a command take" \
	awk "BEGIN { exit !(${trips[0]} <= 8.5) }"
