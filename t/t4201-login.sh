#!/bin/bash
# What every node of the default platform gets by a real deploy: names, host
# keys, and whom it lets in.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-recipe.sh"
need_fleet
recipe_begin
recipe_node web1
recipe_node db1
fleet_up -u keeper app1
fleet_add app1
keep -q node set app1 tags=production
ssh-keygen -q -t ed25519 -N '' -f other || exit
mv other other.pub ..

# lets_in NODE: the names of its authorized keys.
lets_in() {
	local home=root
	[ "$1" != app1 ] || home=home/keeper
	cut -d ' ' -f 3 "$FLEET/$1/root/$home/.ssh/authorized_keys" | xargs
}
# user NAME KEY-FILE [USER.JSON]
user() {
	mkdir -p "users/$1"
	cp "$2" "users/$1/ssh.pub"
	printf '%s\n' "${3-{\}}" > "users/$1/user.json"
}

check "nodes are deployed to" deploy all
check_like "it is said that nobody is named" \
	'web1: nobody of users/ reaches this node: authorized_keys stay'
check_same "who had a way in has it" fleet "$(lets_in web1)"
check_same "a node knows its name" "$(cut -d ' ' -f 1 "$FLEET/web1/at")" \
	"$(on_node web1 getent hosts web1.production.i | cut -d ' ' -f 1)"
check "it knows the host keys of others" on_node web1 ssh-keygen -q -F db1 \
	-f /etc/ssh/ssh_known_hosts
check_like "it greets with its name" '^web1, a node of ' \
	"$FLEET/web1/root/etc/motd"

# --- exclusive, shared ------------------------------------------------------------
user ada "$HOME/.ssh/id_ed25519.pub"
keep -q node set db1 ssh.authorized_keys=shared
cp "$FLEET/db1/home/.ssh/authorized_keys" ../had
{
	cat ../had
	echo "ssh-ed25519 $(cut -d ' ' -f 2 ../other.pub) foreign"
} > "$FLEET/db1/home/.ssh/authorized_keys"
cp "$FLEET/db1/home/.ssh/authorized_keys" "$FLEET/web1/home/.ssh/"
check "a user is deployed" deploy all
check_same "nobody else is let in" ada "$(lets_in web1)"
check_same "unless the file is shared" 'fleet foreign ada' "$(lets_in db1)"
check_same "it is the file of whom a deploy logs in as" ada "$(lets_in app1)"
check_same "which stays his" 'keeper 600' "$(on_node app1 stat -c '%U %a' \
	/home/keeper/.ssh/authorized_keys)"
user bob ../other.pub '{"scope": ["db1", "web1"]}'
check "another is deployed" deploy all
check_same "where it has work to do" 'ada bob' "$(lets_in web1)"
check_same "but not elsewhere" ada "$(lets_in app1)"
check_same "others' keys are left alone" 'fleet foreign ada bob' \
	"$(lets_in db1)"
rm -r users/bob
check "he goes" deploy all
check_same "and is let in no more" 'ada' "$(lets_in web1)"
check_same "nor where others are" 'fleet foreign ada' "$(lets_in db1)"
rm -r users
check "all users go" deploy all
check_same "and nobody is locked out" ada "$(lets_in web1)"

# --- who deploys is not among them ------------------------------------------------
user bob ../other.pub
recipe_node new1
check_exit 3 "a deploy that locks out who deploys goes back" \
	deploy web1 app1 new1
check_like "since nobody came in" 'web1: nobody confirmed'
check_same "and lets him in again" ada "$(lets_in web1)"
check_same "as another" ada "$(lets_in app1)"
check_same "also where there is nothing to go back to" fleet "$(lets_in new1)"
rm -r users
check "then it can be mended" deploy web1 app1 new1
