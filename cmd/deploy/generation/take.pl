# The part of a generation's runner that takes the next one, which it carries as
# `run.take`. The head of run.pl tells what stands in the root.
our ($want, $flags, $base, $pack, $gen, $root, $home, $new);

# The next generation is made of one that went, where there is one: to link most
# of its files, and to remove those of the other, costs far more.
my %was; # the lines of its manifest
my %is;  # what $new has: the line that it stays by; of what came its SHA-256,
	 # or nothing

# What nobody wrote to since it came is of 1970: that old, as -M has it.
my $age = $^T / 86400;

# begin: $new.
sub begin {
	@was{lines("$new/MANIFEST")} = ()
	    if rename('gen/.spare', $new) && !-l $new;
	return if %was && unlink "$new/MANIFEST";
	%was = ();
	throw($new);
	mkdir $new or broken("$new: $!");
}

# patched CHANGE...: base's manifest with what `diff -n` tells is other.
sub patched {
	my ($at, @hunks) = (0);
	my @lines = lines("gen/$base/MANIFEST");
	has("gen/$base", @lines);
	while (@_) {
		my ($how, $line, $count) = shift =~
		    /^([ad])(\d{1,9}) (\d{1,9})$/ or return;
		$line-- if $how eq 'd';
		return if $line < $at || $line > @lines;
		$at = $how eq 'd' ? $line + $count : $line;
		return if $at > @lines || $how eq 'a' && $count > @_;
		push @hunks, [$line, $how eq 'd' ? $count :
		    (0, splice @_, 0, $count)];
	}
	splice @lines, shift @$_, shift @$_, @$_ for reverse @hunks;
	return @lines;
}

# came: MANIFEST did, whole or as changes.
sub came {
	my @lines = lines("$new/MANIFEST");
	if ($base ne 'none' && (!@lines || $lines[0] =~ /^[ad]/)) {
		@lines = patched(@lines);
		put_lines('>', "$new/MANIFEST", @lines) or broken("$!");
	}
	keys %{manifest($new, {listed(@lines)})} == @lines
	    or broken('its MANIFEST names a file twice');
	choose() if %was;
}

# prune WANTED BELOW: what has another line there, or was written to, goes. We
# stand in it: the way to each file would take longer than to look at it.
sub prune {
	my ($wanted, $below) = @_;
	for (names('.')) {
		my $path = "$below$_";
		my $line = $wanted->{$path};
		if (defined $line && exists $was{$line} && lstat $_ &&
		    -M _ == $age && -f _) {
			$is{$path} = $line;
			next;
		}
		next if exists $is{$path} || unlink;
		my $why = $!;
		lstat $_ && -d _ && chdir $_ or broken("$path: $why");
		prune($wanted, "$path/");
		chdir '..';
		rmdir;
	}
}

# choose: what of the old one stays. The rest goes before anything else comes:
# there may be a directory to be where a file was, or somebody's link.
sub choose {
	chdir $new or broken("$new: $!");
	prune(manifest($new), '');
	chdir $root or broken("$root: $!");
	%was = ();
}

# library: whether perl has the C of Digest::SHA. To read its module costs more
# than to start sha256sum.
sub library {
	our $library;
	return $library if defined $library;
	my ($so) = grep { m{^/} && -f } map { "$_/auto/Digest/SHA/SHA.so" } @INC;
	return $library = defined $so && eval {
		DynaLoader::boot_DynaLoader('DynaLoader');
		my $lib = DynaLoader::dl_load_file($so, 0);
		my $boot = DynaLoader::dl_find_symbol($lib, 'boot_Digest__SHA');
		DynaLoader::dl_install_xsub('Digest::SHA::boot', $boot, $so)
		    ->('Digest::SHA');
		Digest::SHA->newSHA(256)->add('abc')->hexdigest =~ /^ba7816bf/;
	} || '';
}

# sum PATH...: the SHA-256 of what is in them.
sub sum {
	my $sha = Digest::SHA->newSHA(256);
	for (@_) {
		open my $file, '<:unix', $_ or return '';
		while (read $file, my $part, 1 << 16) {
			$sha->add($part);
		}
	}
	return $sha->hexdigest;
}

# are DIR SUM...: whether all files in DIR have these, each [HASH, PATH].
sub are {
	my ($dir, @sums) = @_;
	return library() ? !grep { sum("$dir/$_->[1]") ne $_->[0] } @sums :
	    are_by_program($dir, @sums);
}

# link_rest DIR FROM PATH...: those that nobody wrote to since they came.
sub link_rest {
	my ($dir, $from, @paths) = @_;
	for my $path (@paths) {
		return if !lstat "$from/$path" or !-f _ || -M _ != $age;
		next if link "$from/$path", "$dir/$path";
		make_parents($dir, $path) && link "$from/$path", "$dir/$path"
		    or broken("$path: $!");
	}
	return 1;
}

# entire DIR FROM IS: whether it is the wanted generation: what IS there as its
# MANIFEST says, and no more; what is not is linked from FROM, whose MANIFEST
# has that line, too.
sub entire {
	my ($dir, $from, $is) = @_;
	my ($wanted, $has) = (manifest($dir), $from ? has($from) : {});
	my (@sums, @secret, @rest);
	defined delete $is->{MANIFEST} or return;
	for my $path (keys %$wanted) {
		my $line = $wanted->{$path};
		my $stays = delete $is->{$path};
		next if defined $stays && $stays eq $line;
		my ($mode, undef, $hash) = split / /, $line, 4;
		if (!defined $stays) {
			return if !exists $has->{$line};
			push @rest, $path;
		} elsif ($mode ne '0600' && $stays ne '' && $stays eq $hash) {
			next;
		} elsif (-l "$dir/$path" || $hash !~ /^[0-9a-f]{64}$/) {
			return;
		} elsif ($mode eq '0600') {
			push @secret, [$hash, $path];
		} else {
			push @sums, [$hash, $path];
		}
	}
	return !%$is && are($dir, [$want, 'MANIFEST'], @sums) &&
	    link_rest($dir, $from, @rest) &&
	    !grep { !is_salted($dir, @$_) } @secret;
}

sub good {
	return -f "$gen/MANIFEST" &&
	    manifest($gen, {listed(lines("$gen/MANIFEST"))}) &&
	    entire($gen, '', {found($gen, '')});
}

# stored BYTES: whether it is gzip's, and the tar in it as it is: all else goes.
# That is how keep sends it where to start gzip costs more than it saves (RFC
# 1951, 3.2.4). Files have hashes of their own.
sub stored {
	my ($at, $all, @heads) = (10, 0);
	return if substr($_[0], 0, 3) ne "\x1f\x8b\x08";
	for (;;) {
		my ($how, $len) = unpack 'C v', substr $_[0], $at, 3;
		last if !defined $len || $how != 0;
		unshift @heads, $at;
		$at += 5 + $len;
		$all += $len;
	}
	my ($end, undef, $len) = unpack 'v V V', substr $_[0], $at;
	return if !defined $len || $end != 3 || $len != $all;
	substr($_[0], $at) = '';
	substr($_[0], $_, 5) = '' for @heads;
	substr($_[0], 0, 10) = '';
	return 1;
}

# sized: the pack, where it is known how much comes.
sub sized {
	my ($left, $bytes) = (value('size', 0), '');
	return from_base64($pack) if $pack ne '';
	return if !$left;
	while ($left > 0) {
		my $got = sysread STDIN, $bytes, $left, length $bytes or last;
		$left -= $got;
	}
	return $bytes;
}

# input: what the tar is read from, or the tar.
sub input {
	my $bytes = sized();
	return \$bytes if defined $bytes && stored($bytes);
	my $in = defined $bytes ? spool($bytes) : \*STDIN;
	return $in && reader($in, '.', 'gzip', '-dc');
}

# create DIR PATH: to be written; undef for no such path. What stays is chosen
# first.
sub create {
	my ($dir, $path) = @_;
	return if "/$path/" =~ m{/\.{0,2}/} || %was && $path ne 'MANIFEST';
	my $file;
	unlink "$dir/$path" if $is{$path}; # others are linked to it
	$is{$path} = '';
	open $file, '>', "$dir/$path" and return $file;
	make_parents($dir, $path) && open $file, '>', "$dir/$path"
	    or broken("$path: $!");
	return $file;
}

# some_bytes TAR SIZE: whether there are any, and at most so many: $bytes.
my $bytes;

sub some_bytes {
	my ($tar, $size) = @_;
	return read $tar, $bytes, $size if ref $tar eq 'GLOB';
	$bytes = substr $$tar, 0, $size, '';
	return $bytes ne '';
}

# take_bytes TAR SIZE [FILE SHA]: whether there are so many, which go to the
# file, or are what is read: $bytes.
sub take_bytes {
	my ($tar, $size, $file, $sha) = @_;
	for (my $left = $size; $left > 0; $left -= length $bytes) {
		some_bytes($tar, $left < 1 << 20 ? $left : 1 << 20) or return;
		!$file || (print $file $bytes) or broken($!);
		$sha->add($bytes) if $sha;
	}
	return 1;
}

# untar TAR DIR: whether all is there; it has files, as tar.c makes it, and
# nothing else.
sub untar {
	my ($tar, $dir) = @_;
	my $long = '';
	while (take_bytes($tar, 512)) {
		my ($path, $size, $type) = unpack 'Z100 x24 Z12 x20 a', $bytes;
		my ($len, $file, $sha) = (oct $size);
		return 1 if $path eq '';
		if ($type eq '0') {
			$path = $long if $long ne '';
			$file = create($dir, $path) or return;
			$sha = Digest::SHA->newSHA(256) if library();
		}
		take_bytes($tar, $len, $file, $sha) or return;
		$long = '';
		if ($file) {
			close $file or broken("$path: $!");
			$is{$path} = $sha->hexdigest if $sha;
			came() if $path eq 'MANIFEST';
			utime 0, 0, "$dir/$path";
		} else {
			$type eq 'x' && $bytes =~ /^[0-9]+ path=(.*)$/m
			    or return;
			$long = $1;
		}
		take_bytes($tar, -$len % 512) or return;
	}
	return;
}

# receive: what came, and what base has, to $new.
sub receive {
	my ($tar, $whole);
	$new = "gen/.new.$$";
	throw($new);
	marker('send') if flag('wait');
	umask 077;
	begin();
	$tar = input() or broken($!);
	$whole = untar($tar, $new);
	1 while $whole && some_bytes($tar, 1 << 16);
	$whole = close($tar) && $whole if ref $tar eq 'GLOB';
	complete($whole, \%is);
	umask 022;
}

# complete WHOLE IS: whether $new, with what IS there, is it.
sub complete {
	my ($whole, $is) = @_;
	return if $whole && entire($new, $base eq 'none' ? '' : "gen/$base",
	    $is);
	answer(3, 'need', 'none') if $base ne 'none';
	broken('it came damaged');
}

# Another may have put it there meanwhile, and be at work in it. What has its
# name is whole whatever happens.
sub place {
	durable('gen') == 0 or broken("$new: $!");
	rename $new, $gen or good() or do {
		throw($gen);
		rename $new, $gen or broken("$gen: $!");
	};
	throw($new);
	manifest($gen, manifest($new));
	$home = "$root/$gen" if "$root/$new" eq $home;
	$new = '';
}

# take: node.sh unpacks where there is no runner but in what came.
sub take {
	if ($0 =~ m{^(gen/\.new\.\d+)/}) {
		$new = $1;
		complete(1, {found($new, '')});
		place();
	} elsif (!good()) {
		answer(5, 'fail', 1, -f "$gen/MANIFEST" ?
		    "$want is not as it came" : "$want is not there any more")
		    if flag('previous');
		receive();
		place();
	}
	exec 'perl', "$gen/run", 'start', @ARGV[1 .. 6]
	    if grep { !same("$home/$_", "$gen/$_") }
		qw(run run.files run.rest run.room run.take);
	start();
}

1;
