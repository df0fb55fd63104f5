# Completion of `keep` for fish: `keep x-complete` has all the answers.

function __keep_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    for line in (keep x-complete -- $words[2..-1] "$last" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$last"
        else
            echo $line
        end
    end
end

complete -c keep -f -a '(__keep_complete)'
