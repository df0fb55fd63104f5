# Sizes, names and words of C sources (STYLE of libcli/README.md); one line a
# fault, status 1 when there was one. Reads tabs of 8 and K&R: a function's
# braces stand in the first column, and nowhere else.

function fault(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what
	faults++
}

# Columns of a line: tabs of 8, a UTF-8 character is one.
function width(line,    n, i, parts, columns) {
	gsub(/[\200-\277]/, "", line)
	n = split(line, parts, "\t")
	for (i = 1; i < n; i++)
		columns += 8 * (1 + int(length(parts[i]) / 8))
	return columns + length(parts[n])
}

# The line without comments, and with empty strings.
function code_of(line,    at, out) {
	gsub(/'(\\.|[^'\\])'/, "' '", line)
	gsub(/"(\\.|[^"\\])*"/, "\"\"", line)
	while (line != "") {
		at = index(line, in_comment ? "*/" : "/*")
		if (!in_comment)
			out = out (at ? substr(line, 1, at - 1) : line)
		if (!at)
			break
		in_comment = !in_comment
		line = substr(line, at + 2)
	}
	return out
}

function calls(code, names) {
	return code ~ ("(^|[^A-Za-z0-9_.>])(" names ") ?\\(")
}

# Parameters of a signature, without "...".
function parameters(text,    n) {
	sub(/^[^(]*\(/, "", text)
	sub(/, *\.\.\.\)/, ")", text)
	gsub(/\([^()]*\)/, "", text) # of a pointer to a function
	n = gsub(/,/, ",", text)
	return n + 1
}

function is_table(line) {
	return line ~ /^\t+ *[{.]/ || line ~ /^#define/
}

function look_at_line(line) {
	if (FNR == 401)
		fault("a file has at most 400 lines")
	if (width(line) > (is_table(line) ? 100 : 80))
		fault("a line has at most 80 columns, a table's 100; it has " \
		      width(line))
	if (line ~ /[ \t]$/)
		fault("blanks at the end")
	if (line ~ /#include "\.\.\/\.\./ && FILENAME !~ /^t\//)
		fault("no include with ../..")
	if (line ~ /(^|[^A-Z])(TODO|FIXME|XXX)([^A-Z]|$)|[Nn]ot implemented/)
		fault("what is left to do stands in an issue, not here")
}

function look_at_code(code) {
	if (code ~ /\/\//)
		fault("comments are /* */")
	if (code ~ /^ +[a-z]/)
		fault("indentation is by tabs")
	if (code ~ /(^|[ \t])goto / && code !~ /goto again;/)
		fault("no goto but again: for EINTR")
	if (code ~ /^typedef / && code !~ /\(/)
		fault("no typedef but for function types")
	if (calls(code, "alloca"))
		fault("no alloca")
	if (FILENAME ~ /^(libcli|cmd)/ && FILENAME !~ /^libcli\/base/ &&
	    calls(code, "malloc|calloc|realloc|aligned_alloc|v?asprintf|strn?dup"))
		fault("memory comes from keep_mem and keep_buf (libcli/base)")
	if (FILENAME ~ /^(libcli|cmd)/ && FILENAME !~ /^cmd\/keep/ &&
	    FILENAME != "libcli/ipc/activate.c" &&
	    calls(code, "exit|chdir|fchdir|signal|setenv|putenv|unsetenv"))
		fault("a library leaves the process as it is")
}

# What a function, struct or enum of a public header begins with.
function begins_declaration(code) {
	return code ~ /^(struct|enum|union)( [a-z0-9_]+)? \{/ ||
	       code ~ /^[a-zA-Z][^=]*[ *]keep_[a-z0-9_]+\(/
}

# A comment serves all that follows it up to a blank line.
function look_at_header(line, code) {
	if (line ~ /^$/)
		documented = 0
	if (line ~ /\/\*|\*\//)
		documented = 1
	if (begins_declaration(code) && !documented)
		fault("a comment says what this is")
}

function look_at_function(code) {
	if (code ~ /^[a-z].*\(/) {
		began = FNR
		signature = ""
	}
	if (code !~ /^[{}]/ && !inside)
		signature = signature code
	if (code ~ /^\{$/) {
		inside = 1
		# keep_open takes what openat2 takes
		if (parameters(signature) > 6 && signature !~ / keep_open\(/)
			fault("at most four parameters, context and error")
	}
	if (inside && code ~ /^\t\t\t\t+(\} )?(if|for|while|switch|do|else) /)
		fault("at most three levels of nesting")
	if (code ~ /^\}/) {
		if (inside && FNR - began + 1 > 50)
			fault("a function has at most 50 lines, this has " \
			      FNR - began + 1)
		inside = 0
	}
}

FNR == 1 {
	in_comment = inside = documented = 0
}

{
	look_at_line($0)
	code = code_of($0)
	look_at_code(code)
	look_at_function(code)
	if (FILENAME ~ /^include\/keep\//)
		look_at_header($0, code)
}

END {
	exit faults > 0
}
