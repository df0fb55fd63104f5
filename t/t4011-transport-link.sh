#!/bin/bash
# tags: slow
# What the link does to a command: round trips, silence, loss.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
PATH=$O/t/bin:$PATH
fleet_agent
fleet_up web1
fleet_up -n far1

# run_at ADDRESS PORT NODE COMMAND [OPTION...]
run_at() {
	keep --format=json try exec --by "$BY" --port "$2" "${@:5}" --host-key \
		"$(cut -d ' ' -f 1,2 "$FLEET/$3/host_key.pub")" -- "$1" "$4"
}
at_far1() {
	local at
	read -r -a at < "$FLEET/far1/at"
	run_at "${at[@]}" far1 "$@"
}

BY=libssh2
fleet_proxy web1 50
far=127.200.$(cut -d ' ' -f 1 "$FLEET/web1/at" | cut -d . -f 3-4)
# takes TITLE TRIPS COMMAND [OPTION...]: at most so many round trips.
takes() {
	local trips
	check "$1" run_at "$far" 2222 web1 "${@:3}"
	read -r -a trips < <(fleet_trips web1)
	check_exit 0 "in at most $2 round trips (${trips[0]})" \
		awk "BEGIN { exit !(${trips[0]} <= $2) }"
}
takes "a command runs over a slow link" 8.5 'echo hello'
# sshd lets nothing in before it has started the command
takes "a command gets its input there" 9.5 cat --input hello

for BY in libssh2 openssh; do
	fleet_cut far1
	at_far1 true --connect 1s --handshake 1ms --login 1ms > "$OUT"
	check_like "$BY: a node without a link does not answer" \
		'"phase":"(connect|handshake)".*"fault":"(DEADLINE|UNREACHABLE)"'
	fleet_join far1
	mkfifo "$FLEET/far1/root/begun"
	at_far1 'echo begun; echo > /begun; exec sleep 100' --alive 1s > "$OUT" &
	read -r < "$FLEET/far1/root/begun"
	fleet_cut far1
	wait $!
	check_like "$BY: a link that breaks in the middle is found out" \
		'"phase":"run".*"out":"begun\\n".*"fault":"UNREACHABLE"'
	fleet_join far1
	rm "$FLEET/far1/root/begun"
done

# --- an agent that asks a person ----------------------------------------------
printf '#!/bin/sh\nexit 1\n' > ask
chmod +x ask
eval "$(SSH_ASKPASS=$PWD/ask SSH_ASKPASS_REQUIRE=force ssh-agent -s)" > /dev/null
ssh-add -q -c "$HOME/.ssh/id_ed25519"
BY=libssh2
at_far1 true > "$OUT"
check_like "a person may refuse to sign" '"phase":"login".*"AGENT_REFUSED"'
printf '#!/bin/sh\nexec sleep 1000\n' > ask
at_far1 true --login 500ms > "$OUT"
check_like "who does not answer has a deadline" '"phase":"login".*"DEADLINE"'
