# The part of a generation's runner that makes room for files and gives it back:
# `run.room`. What packages and people put where a file of ours is to be is saved
# in original/. The head of run.pl tells what stands in the root.
our ($root, $step, %disks);

# beneath PATH FILES: whether one of these would have PATH a directory.
sub beneath {
	my ($path, $files) = @_;
	return grep { index($_, "$path/") == 0 } keys %$files;
}

# under PATH FILES: whether one of these would be where PATH has a directory.
sub under {
	my ($path, $files) = @_;
	while ($path =~ s{/[^/]*$}{}) {
		return 1 if $files->{$path};
	}
	return;
}

# saved PATH: what stood there. Directories have names there that no path of
# ours can have, and no link.
sub saved {
	return 'original' . $_[0] =~ s{(?<=[^/])/}{\\/}gr;
}

# save_original PATH: what packages and people put where a file becomes ours. Of
# what there was earlier it takes the place.
sub save_original {
	my ($path) = @_;
	my $old = saved($path);
	my ($dir, $name) = $path =~ m{(.*/)(.*)};
	return 1 if !lstat $path || -d _;
	throw('work/original');
	make_parents('.', $old);
	return inside($dir, 0, sub {
		status('cp', '-a', "./$name", "$root/work/original") == 0;
	}) && rename('work/original', $old) || refuse($old);
}

# remove PATH OURS: what stood there comes back, where no directory of ours is
# to be. Through no link, as put does it. A directory there is none of ours. Of a
# run that is killed work/returned tells that it is theirs again.
sub remove {
	my ($path, $ours) = @_;
	my $old = "$root/" . saved($path);
	my $stood = lstat $old && !-d _;
	my ($dir, $name) = $path =~ m{(.*/)(.*)};
	return 1 if !-d $dir && (!$stood || under($path, $ours));
	return inside($dir, 1, sub {
		for ($name, "$name.keep-new") {
			next if unlink || !lstat;
			return $_ eq $name && -d _ || refuse("$dir$_");
		}
		return 1 if !$stood || beneath($path, $ours) ||
		    under($path, $ours);
		return status('cp', '-anT', $old, "./$name.keep-new") == 0 &&
		    rename("$name.keep-new", $name) &&
		    put_lines('>>', "$root/work/returned", $path);
	});
}

# paths LINE...: those of files that are, or were, installed.
sub paths {
	return map { s/\t.*//sr } @_;
}

# make_room OLD NEW: notes what may be installed from now on, saves what it
# takes the place of, and removes what only the generation before had. That goes
# first: there may be a directory to be, or a new one by another name, through a
# link in its path.
sub make_room {
	my ($old, $new) = @_;
	my %returned = map { $_ => 1 } entries('work/returned');
	@$old = grep { !$returned{s/\t.*//sr} } @$old;
	my %was = map { $_ => 1 } @$old;
	my %is = map { $_ => 1 } @$new;
	my %known = map { $_ => 1 } paths(@$old);
	my %ours = map { $_ => 1 } paths(@$new);
	my @more = grep { !$was{$_} } @$new;
	for (grep { !$known{$_} } paths(@more)) {
		save_original($_) or return;
	}
	if (@more || %returned) {
		replace('installed', @$old, @more) && durable('.') == 0
		    or return;
		unlink 'work/returned',
		    map { saved($_) } grep { !$ours{$_} } keys %returned;
	}
	for (grep { !$is{$_} } @$old) {
		my ($path, $change) = split /\t/, $_, 2;
		next if $ours{$path};
		print "file $path goes\n";
		$disks{$path =~ s{[^/]*$}{}r} = 1;
		$step = "file $path";
		later($change) && remove($path, \%ours) &&
		    flatten($path, \%ours) or return;
	}
	return 1;
}

# flatten PATH OURS: the directories that it was in go as far as a file is to be
# there, or was.
sub flatten {
	my ($path, $ours) = @_;
	my (@up, @go);
	while ($path =~ s{/[^/]*$}{}) {
		push @up, $path;
		@go = @up if $ours->{$path} ||
		    $path ne '' && lstat saved($path);
	}
	for (@go) {
		my ($dir, $name) = m{(.*/)(.*)};
		-d $dir && inside($dir, 0, sub { rmdir $name; 1 }) or return 1;
	}
	return 1;
}

# settle OLD NEW: 0, when what is installed is what is ours. What a directory has
# the place of stays saved.
sub settle {
	my ($old, $new) = @_;
	my %ours = map { $_ => 1 } paths(@$new);
	my @gone = grep { !$ours{$_} && !under($_, \%ours) } paths(@$old);
	!@gone || put_lines('>', 'work/return') or return 1;
	replace('installed', @$new) && durable('.') == 0 or return 1;
	unlink 'work/returned',
	    map { saved($_) } grep { lstat $_ && !-d _ } @gone;
	return 0;
}

# come_back: a file that a directory of ours had the place of, when all of ours
# that were in that are gone for good.
sub come_back {
	my %ours = map { $_ => 1 } paths(lines('installed'));
	my %saved = found('original', '');
	for my $path (map { '/' . s{\\/}{/}gr } keys %saved) {
		my $old = saved($path);
		next if $ours{$path} || beneath($path, \%ours) ||
		    under($path, \%ours);
		flatten("$path/", {$path => 1});
		if (!lstat $path && $! != 20) { # ENOTDIR
			remove($path, \%ours) &&
			    durable($path =~ s{[^/]*$}{}r) == 0 or return;
		} elsif (-d _ || !equal($old, $path)) {
			print "$path: what stood there is kept in $root/$old\n";
			next;
		}
		unlink $old;
	}
	unlink 'work/returned';
	return unlink 'work/return';
}

1;
