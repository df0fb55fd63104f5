#!/bin/bash
# `keep deploy` to 100 real sshds beside what it cannot beat (t/fleet/floor.c:
# a login and `true` by bare libssh2) and what people use: rsync over
# ControlMaster, and ansible. The work is a tree of 200 files, 2.1 MB, and 50 KB
# of each node's own. FLEET_NODES sets another number of nodes.
. "${0%/*}/../lib.sh"
IMAGE_LIST=$TOP/t/bench/image.list
. "$TOP/t/lib-fleet.sh"
need_fleet
nodes=${FLEET_NODES-100}
# shellcheck disable=SC2046 # words
set -- $(seq -f n%g "$nodes")

# What the image has for the peers runs from where it lies.
export LD_LIBRARY_PATH=$IMAGE/usr/lib/x86_64-linux-gnu
export PYTHONPATH=$IMAGE/usr/lib/python3/dist-packages
rsync=$IMAGE/usr/bin/rsync ansible="python3 $IMAGE/usr/bin/ansible-playbook"

instance() {
	mkdir -p acme/platform/provider_base acme/nodes acme/files/{tree,own,nodes}
	echo '{"platform": {"path": "platform"}}' > acme/Keepfile
	echo '{"version": "1"}' > acme/platform/platform.json
	echo '{}' > acme/platform/provider_base/common.json
	echo '{"domain": "example.org"}' > acme/provider.json
	printf '.keep/\nsecrets.dev.json\n' > acme/.gitignore
	python3 -c '
import json, random
random.seed(1)
text = lambda n: "".join(random.choices("abcdefgh \n", k=n))
for i in range(200):
    open(f"acme/files/tree/{i}", "w").write(text(10500))
files = {f"/srv/tree/{i}": {"source": f"tree/{i}"} for i in range(200)}
files["/srv/own"] = {"source": "= \x27own/${name}\x27"}
json.dump({"files": files}, open("acme/common.json", "w"))
for name in __import__("sys").argv[1:]:
    open(f"acme/files/own/{name}", "w").write(text(50000))' "$@"
	for name; do
		read -r address _ < "$FLEET/$name/at"
		echo "{\"ip_address\": \"$address\"}" > "acme/nodes/$name.json"
		mkdir "acme/files/nodes/$name"
		cp "$FLEET/$name/host_key.pub" "acme/files/nodes/$name/ssh_host_ed25519_key.pub"
	done
	git -C acme init -q && keep -C acme -q compile && saved
}

# The lines that rsync and ansible get their nodes from.
peers() {
	local name
	for name; do echo "$name"; done > names
	for name; do cat "$FLEET/$name/at"; done > ats
	cat > mirror << END
#!/bin/sh
# a master, the tree and the node's own file, a command
ssh -o ControlMaster=yes -o ControlPath=$PWD/mux/%h -o ControlPersist=60 \
	-o KexAlgorithms=curve25519-sha256 -fN "\$1" &&
$rsync -a -e "ssh -o ControlPath=$PWD/mux/%h" acme/files/tree \
	"acme/files/own/\$1" "\$1:/srv/mirror/" &&
exec ssh -o ControlPath=$PWD/mux/%h "\$1" true
END
	chmod +x mirror
	mkdir mux
	cat > play.yml << END
- hosts: all
  gather_facts: false
  tasks:
  - file: {path: /srv/ansible, state: directory}
  - unarchive: {src: $PWD/tree.tgz, dest: /srv/ansible}
  - copy: {src: "$PWD/acme/files/own/{{ inventory_hostname }}", dest: /srv/own}
  - command: 'true'
END
	cat > ansible.cfg << END
[defaults]
inventory = $PWD/names
forks = 50
host_key_checking = true
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = true
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o KexAlgorithms=curve25519-sha256
control_path_dir = $PWD/mux
END
}

# saved: what lies in the instance is committed, and the disk at rest.
saved() {
	git -C acme add -A && git -C acme commit -qm work && sync
}

cat > change << 'END'
#!/bin/bash
# 10 of the 200 files are other ones, and the disk is at rest
for i in $(shuf -i 0-199 -n 10); do
	head -c 7800 /dev/urandom | base64 -w 80 > "acme/files/tree/$i"
done
tar -C acme/files -czf tree.tgz tree
keep -C acme -q compile && git -C acme add -A && git -C acme commit -qm change &&
	sync
END
cat > close << 'END'
#!/bin/sh
# no master is left
for socket in mux/*; do
	[ ! -S "$socket" ] || ssh -O exit -o ControlPath="$socket" x
done 2> /dev/null
:
END
cat > used << 'END'
#!/bin/bash
# nodes that have as many generations as they keep, as they have ever after
for _ in {1..6}; do
	./change && keep -C acme -q deploy all --yes || exit
done
END
chmod +x change close used
fleet_up "$@"
eval "$(ssh-agent -s)" > /dev/null
ssh-add -q "$HOME/.ssh/id_ed25519"
instance "$@"
peers "$@"
for name; do on_node "$name" mkdir -p /srv; done
gcc -O2 -o floor "$TOP/t/fleet/floor.c" -lssh2
tar -C acme/files -czf tree.tgz tree
cat > plan.json << END
{"nodes": $nodes, "rounds": [
 {"title": "nothing changed", "before": ["./close"], "times": {"ansible": 1},
  "commands": {
   "floor": "./floor true < ats",
   "keep": "keep -C acme -q deploy all --yes",
   "rsync": "xargs -P 50 -n 1 ./mirror < names && ./close",
   "ansible": "$ansible play.yml && ./close"},
  "bounds": {"keep floor wall": 1.3, "keep - cpu_ms": 2, "keep - mb": 20,
   "keep rsync wall": 0.6, "keep rsync cpu": 0.0667,
   "keep ansible wall": 0.0333}},
 {"title": "5% changed", "begin": ["./used"], "turn": ["./change"],
  "before": ["./close"],
  "times": {"ansible": 0},
  "commands": {
   "floor": "./floor true < ats",
   "keep": "keep -C acme -q deploy all --yes",
   "rsync": "xargs -P 50 -n 1 ./mirror < names && ./close"},
  "bounds": {"keep floor wall": 1.8, "keep rsync wall": 0.6,
   "keep rsync cpu": 0.0667}}]}
END
check "a deploy to $nodes nodes costs what it may" \
	python3 "$TOP/t/bench/fleet.py" plan.json
cat "$OUT"
