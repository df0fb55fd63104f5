#!/bin/bash
# A gateway of the default platform lets clients into its network.
# tags: slow nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent

# certificate NAME PURPOSE [CA]: NAME.crt and NAME.key, signed by CA or by itself.
certificate() {
	local by=(-addext 'basicConstraints=critical,CA:TRUE')
	[ $# = 2 ] || by=(-CA "$3.crt" -CAkey "$3.key" -addext
		'basicConstraints=critical,CA:FALSE' -addext
		'keyUsage=digitalSignature' -addext "extendedKeyUsage=$2Auth")
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 30 -subj "/CN=$1" "${by[@]}" -keyout "$1.key" \
		-out "$1.crt" 2>> "$SCRATCH/openssl"
}

# connect NAME: NAME's openvpn on laptop1, until it is let in, or ends.
connect() {
	local line said
	cp "$SCRATCH"/keys/{ca.crt,"$1.crt","$1.key"} "$laptop/root/"
	mkfifo "$SCRATCH/said" && exec {said}<> "$SCRATCH/said" || return
	rm "$SCRATCH/said" # and stays open: nobody writes in vain
	on_node laptop1 openvpn --client --dev tun --nobind --cd /root \
		--remote "$gateway" 1194 udp --connect-retry-max 1 \
		--ca ca.crt --cert "$1.crt" --key "$1.key" \
		--remote-cert-tls server --tls-exit --hand-window 5 --verb 3 \
		--writepid /run/vpn.pid >&"$said" &
	tunnel=$!
	while IFS= read -r -t 20 -u "$said" line; do
		printf '%s\n' "$line"
		case $line in
		*'Initialization Sequence Completed') return ;;
		*'process exiting') break ;;
		esac
	done
	false
}

# disconnect: who was let in leaves.
disconnect() {
	on_node laptop1 sh -c 'kill "$(cat /run/vpn.pid)"'
	wait $tunnel
}

# change PATH=VALUE...: of the gateway, and deployed.
change() {
	{ [ $# = 0 ] || keep node set gate1 "$@"; } && keep -q compile &&
		git add -A && git commit --allow-empty -qm change && keep deploy gate1 --yes
}

fleet_up -n gate1 laptop1
gate=$FLEET/gate1/root laptop=$FLEET/laptop1/root
read -r gateway _ < "$FLEET/gate1/at"
mkdir "$SCRATCH/keys"
(
	cd "$SCRATCH/keys" || exit
	certificate ca ''
	certificate other ''
	certificate gate1 server ca
	certificate ada client ca
	certificate bob client ca
	certificate eve client other
	certificate gate2 server other
)
keep init acme --domain example.org > "$OUT" && cd acme || exit
(
	umask 077
	jq -n --rawfile key "$SCRATCH/keys/gate1.key" \
		'{production: {vpn_key_gate1: $key}}' > secrets.dev.json
)
mkdir -p files/vpn
cp "$SCRATCH"/keys/{ca,gate1}.crt files/vpn/
fleet_add gate1
keep -q node set gate1 services=vpn tags=production || exit

# --- a gateway ---------------------------------------------------------------
check "a node becomes a gateway" change
check_like "it proves that it is one" '/etc/openvpn/server/keep.crt: OK'
check_same "its key is closed to others" '600 root' \
	"$(stat -c '%a %U' "$gate/etc/openvpn/server/keep.key")"
check_exit 2 "a client reaches nobody without it" \
	on_node laptop1 ping -c 1 -W 1 10.8.0.1
check "a client whom the authority knows is let in" connect ada
check "it pings the gateway through the tunnel" \
	on_node laptop1 ping -c 2 -W 5 10.8.0.1
check_same "by an address of the clients' network" 10.8.0.2/24 \
	"$(on_node laptop1 ip -br -4 address show dev tun0 | awk '{print $3}')"
disconnect
check_exit 1 "one whom another authority knows is not" connect eve

# --- what it is told ---------------------------------------------------------
on_node gate1 ip address add 192.0.2.1/32 dev lo
check "a network behind it can be given" \
	change 'vpn.routes=["192.0.2.0 255.255.255.0"]'
check_same "then it forwards" 1 "$(on_node gate1 sysctl -n net.ipv4.ip_forward)"
check "clients are let in as before" connect ada
check "and reach that network" on_node laptop1 ping -c 2 -W 5 192.0.2.1
check_like "through the tunnel" 'dev tun0' \
	<(on_node laptop1 ip route get 192.0.2.1)
disconnect

# revoke NAME...: by the authority's list.
revoke() (
	cd "$SCRATCH/keys" && : > index && echo 01 > number || exit
	printf '[ca]\ndefault_ca=x\n[x]\ndatabase=index\ncrlnumber=number
		default_md=sha256\ndefault_crl_days=30\n' > ca.cnf
	by=(-config ca.cnf -keyfile ca.key -cert ca.crt)
	for name; do
		openssl ca "${by[@]}" -revoke "$name.crt" || exit
	done
	openssl ca "${by[@]}" -gencrl -out "$OLDPWD/files/vpn/crl.pem"
) 2>> "$SCRATCH/openssl"
revoke bob
check "certificates can be revoked" change
check_exit 1 "whose is, is let in no more" connect bob
check_like "since the gateway refuses him" 'certificate revoked' \
	"$gate/var/log/keep-unit/openvpn-server@keep"
check "others are" connect ada
disconnect

# --- what goes wrong, and the end --------------------------------------------
cp "$SCRATCH/keys/gate2.crt" files/vpn/gate1.crt
check_exit 3 "a certificate that is not the key's is taken back" change
check "clients are let in meanwhile" connect ada
disconnect
cp "$SCRATCH/keys/gate1.crt" files/vpn/gate1.crt
check "a node ceases to be a gateway" change services=[]
check_exit 1 "nothing listens there" on_node gate1 sh -c \
	'ss -Hnlu "sport = :1194" | grep .'
check_same "no key is left" '' \
	"$(find "$gate/etc/openvpn" -name 'keep.*')"
