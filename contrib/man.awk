# What scdoc writes, as mandoc -Tlint wants it: a title in capitals, short
# lines, and no paragraph that is empty or follows a heading.

# A text line, broken at blanks: roff joins lines again.
function put(line,    at) {
	while (length(line) > 78 && line !~ /^\./) {
		for (at = 78; at > 1 && substr(line, at, 2) !~ /^ [^.'\\ ]/; at--)
			;
		if (at == 1)
			break
		print substr(line, 1, at - 1)
		line = substr(line, at + 1)
	}
	print line
}

/^\.TH / { $2 = toupper($2) }

/^\.P$/ {
	paragraph = 1
	next
}

{
	if (last ~ /^\.RE/)
		paragraph = 1
	if (paragraph && !/^\.(SH|SS|RS|RE)/ && last !~ /^\.(SH|SS|RS)/)
		print ".P"
	paragraph = 0
	last = $0
	put($0)
}
