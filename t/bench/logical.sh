#!/bin/bash
# `keep deploy` to 1,000 nodes, which are 100 sshds of ten addresses each: every
# address has a KEEP_ROOT of its own. LOGICAL_SSHDS sets another number.
. "${0%/*}/../lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
sshds=${LOGICAL_SSHDS-100}

# The further addresses of sshd N, which has 127.1.X.Y: 127.2.X.Y to 127.10.X.Y.
further() {
	local k
	for k in $(seq 2 10); do echo "127.$k.$(($1 / 250)).$(($1 % 250 + 1))"; done
}

# lines N: for its sshd_config.
lines() {
	local address
	for address in $(further "$1"); do echo "ListenAddress $address:22"; done
	for address in $(further "$1"); do
		printf 'Match LocalAddress %s\nSetEnv KEEP_ROOT=/var/lib/keep-%s\n' \
			"$address" "$address"
	done
}

# node NAME ADDRESS SSHD
node() {
	echo "{\"ip_address\": \"$2\"}" > "acme/nodes/$1.json"
	mkdir "acme/files/nodes/$1"
	cp "$FLEET/$3/host_key.pub" "acme/files/nodes/$1/ssh_host_ed25519_key.pub"
}

mkdir -p acme/platform/provider_base acme/nodes acme/files/nodes
echo '{"platform": {"path": "platform"}}' > acme/Keepfile
echo '{"version": "1"}' > acme/platform/platform.json
echo '{}' > acme/platform/provider_base/common.json
echo '{"domain": "example.org"}' > acme/provider.json
printf '.keep/\nsecrets.dev.json\n' > acme/.gitignore
for n in $(seq "$sshds"); do
	fleet_up -c "$(lines "$n")" "s$n"
	read -r address _ < "$FLEET/s$n/at"
	node "n$n-1" "$address" "s$n"
	k=1
	for address in $(further "$n"); do
		node "n$n-$((++k))" "$address" "s$n"
	done
done
eval "$(ssh-agent -s)" > /dev/null
ssh-add -q "$HOME/.ssh/id_ed25519"
git -C acme init -q && keep -C acme -q compile &&
	git -C acme add -A && git -C acme commit -qm work
cat > change << 'END'
#!/bin/sh
echo "{\"word\": \"$(date +%N)\"}" > acme/common.json
keep -C acme -q compile && git -C acme add -A && git -C acme commit -qm change
END
chmod +x change
cat > plan.json << END
{"nodes": $((sshds * 10)), "rounds": [
 {"title": "$((sshds * 10)) nodes, all changed", "times": {"keep": 2},
  "before": ["./change"],
  "commands": {"keep": "keep -C acme -q deploy all --yes"},
  "bounds": {"keep - mb": 64}},
 {"title": "$((sshds * 10)) nodes, nothing changed", "times": {"keep": 2},
  "commands": {"keep": "keep -C acme -q deploy all --yes"},
  "bounds": {"keep - mb": 64}}]}
END
check "a deploy to $((sshds * 10)) nodes completes, with little memory" \
	python3 "$TOP/t/bench/fleet.py" plan.json
cat "$OUT"
