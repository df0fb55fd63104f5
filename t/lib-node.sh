# shellcheck shell=bash
# The node's end of a deploy without keep and without ssh: generations made by
# hand, and the script that a deploy sends. Sourced behind lib.sh.
GENS=$SCRATCH/gens # by id
NODE=$SCRATCH/node # the node: its root, and its etc/
NODE_SCRIPT=$(sed '/^[[:blank:]]*#/d; s/^\t*//' "$TOP/cmd/deploy/generation/node.sh")
mkdir -p "$GENS" "$NODE/etc"

# begin DIR: a generation without files and services; the caller adds to it.
begin() {
	mkdir -p "$1/files" "$1/secret" "$1/recipes"
	echo '{"name": "web1"}' > "$1/config.json"
	echo "KEEP_name='web1'" > "$1/config.sh"
	head -c 32 /dev/zero | tr '\0' 's' > "$1/salt"
	: > "$1/files.list"
	: > "$1/recipes/list"
	cp "$TOP/cmd/deploy/generation/run.pl" "$1/run"
	for name in take.pl files.pl rest.pl room.pl services.sh; do
		cp "$TOP/cmd/deploy/generation/$name" "$1/run.${name%.*}"
	done
}

# add_file DIR PATH TEXT [ON_CHANGE [MODE]]: a file of the node.
add_file() {
	mkdir -p "$1/files${2%/*}"
	printf '%s\n' "$3" > "$1/files$2"
	printf '%s\t%s\t%s\t%s\t%s\n' "${5-644}" "$(id -un)" "$(id -gn)" "$2" \
		"${4-}" >> "$1/files.list"
}

# add_script DIR SERVICE NAME TEXT: a script of a recipe.
add_script() {
	mkdir -p "$1/recipes/$2"
	grep -qxF "$2" "$1/recipes/list" || echo "$2" >> "$1/recipes/list"
	printf '%s\n' "$4" > "$1/recipes/$2/$3"
}

# seal DIR: writes its MANIFEST, moves it to $GENS, prints its id.
seal() {
	(cd "$1" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort |
		while IFS= read -r path; do
			case $path in
			salt | secret/*) mode=0600 salt=salt ;;
			*) mode=0644 salt=/dev/null ;;
			esac
			printf '%s %s %s %s\n' $mode "$(stat -c %s "$path")" \
				"$(cat $salt "$path" | sha256sum |
					cut -d' ' -f1)" "$path"
		done > ../manifest && mv ../manifest MANIFEST)
	set -- "$1" "$(sha256sum < "$1/MANIFEST" | cut -d' ' -f1)"
	rm -rf "${GENS:?}/$2"
	mv "$1" "$GENS/$2"
	echo "$2"
}

# difference WANT BASE: what WANT has and BASE lacks, as a deploy sends it.
difference() {
	{
		echo MANIFEST
		{
			cat "$GENS/$2/MANIFEST" 2> /dev/null || echo none
		} | grep -vxF -f - "$GENS/$1/MANIFEST" | cut -d' ' -f4-
	} > "$SCRATCH/difference"
	command -p tar -czf - --mtime=@0 -C "$GENS/$1" -T "$SCRATCH/difference"
}

# on_node WANT BASE DEPLOY [FLAGS]: the exec; stdin goes to it.
on_node() {
	KEEP_ROOT=${NODE_ROOT-$NODE/root} sh -c "$NODE_SCRIPT" keep "$1" "$2" \
		"$3" "${WHO-ada@desk}" "${COMMIT-c0ffee1}" "${4-}"
}

# push WANT BASE DEPLOY [FLAGS]: the same with what is to be sent.
push() {
	difference "$1" "$2" | on_node "$@"
}

# sums DIR: of all in it, but for empty directories.
sums() {
	(cd "$1" && find . ! -type d -print0 | LC_ALL=C sort -z |
		xargs -0 sha256sum)
}

# whole ROOT: whether current is a complete generation.
whole() {
	local id
	id=$(readlink "$1/current") || return
	diff <(sums "$GENS/${id#gen/}") <(sums "$1/$id")
}
