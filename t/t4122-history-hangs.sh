#!/bin/bash
# tags: slow
# A remote that never answers does not hold a deploy.
. "${0%/*}/lib.sh"
keep init one > init.out && cd one || exit 1
printf '#!/bin/sh\necho $$ > "%s/ssh.pid"\nexec sleep 1000\n' "$SCRATCH" > ../ssh
chmod +x ../ssh
git remote add origin ssh://nobody@127.0.0.1/x
git config core.sshCommand "$SCRATCH/work/ssh"
begun=$SECONDS
check "a deploy whose remote hangs is recorded" "$O/t/unit/past" it web1=changed
check_like "and said not to be pushed" '^unpushed: git push: it takes too long'
check "within half a minute" [ $((SECONDS - begun)) -lt 30 ]
# Who ended may lie there until somebody asks for its end.
state=$(ps -o stat= -p "$(cat "$SCRATCH/ssh.pid")")
check_same "no ssh is left behind" '' "${state##Z*}"
