# shellcheck shell=bash
# Completion of `keep` for bash: `keep x-complete` has all the answers.

_keep() {
	local words=() joined='' word before='' i
	# bash cuts words at `=`, keep does not
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [ $i != 1 ] && { [ "$word" = = ] || [ "$joined" ]; }; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		joined=''
		[ "$word" != = ] || joined=1
	done
	case ${words[-1]} in *=*) before=${words[-1]%=*}= ;; esac
	while IFS=$'\t' read -r word _; do
		case $word in
		:files) compopt -o default ;;
		*=)
			compopt -o nospace
			COMPREPLY+=("${word#"$before"}")
			;;
		*) COMPREPLY+=("${word#"$before"}") ;;
		esac
	done < <("$1" x-complete -- "${words[@]}" 2> /dev/null)
}
complete -F _keep keep
