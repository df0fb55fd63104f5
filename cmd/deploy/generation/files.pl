# The part of a generation's runner that puts and removes files: `run.files`. The
# head of run.pl tells what stands in the root.
our ($want, $gen, $root, $step, %disks, %lost);

# look PATH: how what is there looks: size, change in seconds of 1970, path. Of
# all that lstat tells perl would make a list.
sub look {
	return lstat $_[0] ? join ' ', -s _,
	    int($^T - 86400 * (-C _) + .5), $_[0] : '';
}

# seen: which generation, and of its files those that still look as they did;
# with the line that says how. To repair is to trust no looks.
sub seen {
	return ('', {}) if flag('repair');
	my ($id, @lines) = lines('work/seen');
	my %same;
	for (@lines) {
		my $path = substr $_, index $_, '/';
		$same{$path} = $_ if look($path) eq $_;
	}
	return (defined $id ? $id : '', \%same);
}

# remember WHEN SAME PATH...: what is there is what the generation says. What
# changed in the second of WHEN, or since, may yet do so behind that look.
sub remember {
	my ($when, $same, @paths) = @_;
	my @new = map { look($_) } grep { !exists $same->{$_} } @paths;
	my @seen = ((grep { defined } @$same{@paths}),
	    grep { $_ ne '' && (split / /, $_, 3)[1] < $when } @new);
	durable(grep { -d } sort keys %disks) == 0 or return refuse('files');
	replace('work/seen', $want, @seen); # else they are compared
	return 1;
}

# equal A B: whether two files hold the same.
sub equal {
	my ($one, $other) = @_;
	open my $a, '<:unix', $one or return;
	sysopen my $b, $other, 04000 or return; # O_NONBLOCK: it may be a FIFO
	-f $b or return;
	for (;;) {
		my $n = sysread $a, my $x, 1 << 16;
		my $m = sysread $b, my $y, 1 << 16;
		return if !defined $n || !defined $m || $x ne $y;
		return 1 if !$n;
	}
}

# ids OWNER GROUP: their numbers.
my %ids = ('root:root' => [0, 0]);

sub ids {
	my ($owner, $group) = @_;
	my $known = $ids{"$owner:$group"} ||= [
		$owner =~ /^\d+$/ ? $owner : scalar getpwnam $owner,
		$group =~ /^\d+$/ ? $group : scalar getgrnam $group];
	return @$known;
}

# is_there ROW: whether the file is as the row and the generation say.
sub is_there {
	my ($mode, $owner, $group, $path) = split /\t/, $_[0];
	my ($uid, $gid) = ids($owner, $group);
	my @s = lstat $path or return;
	return -f _ && ($s[2] & 07777) == oct $mode && defined $uid &&
	    $s[4] == $uid && defined $gid && $s[5] == $gid &&
	    equal("$gen/files$path", $path);
}

# stale SAME ID ROWS PATHS: the rows of those that the node has not. What looks
# the same has what ID says: that is what we say, or is not, but of secrets,
# whose lines tell nothing of that. One that is none any more is put again.
sub stale {
	my ($same, $id, $rows, $paths) = @_;
	my ($old, $new) = (has("gen/$id"), manifest($gen));
	my (%was, @stale);
	@was{lines("gen/$id/files.list")} = ();
	for my $at (0 .. $#$rows) {
		my ($row, $path) = ($rows->[$at], $paths->[$at]);
		my $is = $new->{"files$path"};
		my $known = $same->{$path} && exists $was{$row};
		next if $known && exists $old->{$is};
		push @stale, $row
		    if $known && $is =~ /^0644/ || !is_there($row);
	}
	return @stale;
}

# later COMMAND: it is run once, also when this run is killed.
sub later {
	my ($command) = @_;
	my @pending = defined $command && $command ne '' ?
	    entries('pending') : return 1;
	return 1 if grep { $_ eq $command } @pending;
	return replace('pending', @pending, $command) && durable('.') == 0;
}

# step_into NAME MAKE: through no link in a directory where others may make one,
# at any time: so the step is looked at behind it.
sub step_into {
	my ($name, $make, $dir) = @_;
	my @was = stat '.';
	(-d $name || $make && mkdir $name) && chdir $name
	    or return refuse($dir);
	my @up = stat '..';
	return 1 if $up[0] == $was[0] && $up[1] == $was[1] ||
	    $was[4] == 0 && !($was[2] & 022);
	print "$dir: ./$name is a link others may have made\n";
	return;
}

# enter DIR MAKE: goes there; who is not root has no such others.
sub enter {
	my ($dir, $make) = @_;
	if ((stat '/')[4] != $>) {
		make_parents('', substr "$dir/.", 1) if $make;
		return chdir $dir || refuse($dir);
	}
	chdir '/';
	for my $name (grep { $_ ne '' } split m{/}, $dir) {
		step_into($name, $make, $dir =~ s{/$}{}r) or return;
	}
	return 1;
}

# inside DIR MAKE WHAT: does it there, and comes back.
sub inside {
	my ($dir, $make, $what) = @_;
	my $done = enter($dir, $make) && $what->();
	chdir $root or die "$root: $!\n";
	return $done;
}

# stage: where files are made that go to the directory we are in by rename, and
# the way back.
sub stage {
	my ($here) = @_;
	my @was = stat '.';
	return ("$root/work/put", '.') if !$here &&
	    $was[0] == (stat "$root/work/put")[0];
	return stage_here(@was);
}

# copy ROW TO: never open to others before it is as the row says.
sub copy {
	my ($mode, $owner, $group, $path) = split /\t/, $_[0];
	my ($uid, $gid) = ids($owner, $group);
	my ($from, $to, $bytes);
	if (!defined $uid || !defined $gid) {
		print "$path: there is no ", defined $uid ? "group $group" :
		    "user $owner", "\n";
		$! = 0;
		return;
	}
	open $from, '<:unix', "$root/$gen/files$path" or return;
	unlink $_[1];
	umask 077;
	my $opened = open $to, '>', $_[1];
	umask 022;
	return if !$opened;
	for (;;) {
		my $n = read $from, $bytes, 1 << 16;
		if (!defined $n || !print $to $bytes) {
			my $why = $!;
			close $to; # which tells it in words of perl's own
			$! = $why;
			return;
		}
		last if !$n;
	}
	return close $to && chown($uid, $gid, $_[1]) && chmod oct $mode, $_[1];
}

# put HERE DIR ROW...: files of one directory, whole, by rename.
sub put {
	my ($here, $dir, @rows) = @_;
	my $done = inside $dir eq '' ? '/' : $dir, 1, sub {
		my ($at, $back) = stage($here) or return;
		my $done = 1;
		for my $row (@rows) {
			my $path = (split /\t/, $row, 5)[3];
			my $name = substr $path, 1 + length $dir;
			rmdir "$back/$name"; # of ours, as a rule
			$done = copy($row, "$at/$name") &&
			    rename "$at/$name", "$back/$name";
			my $why = $!;
			if ($done) {
				print "file $path\n";
				next;
			}
			unlink "$at/$name";
			# EXDEV: another mount of the same disk
			return put(1, $dir, @rows) if $why == 18 && !$here;
			print "$path: $why\n" if $why;
			print "$path: move that directory away\n" if $why == 21;
			last;
		}
		return $done if $back eq '.';
		chdir '..';
		rmdir '.keep-new';
		return $done;
	};
	return $done;
}

# install_stale ROW...: those at once that go to one directory. On the way back
# nobody has looked whether they are as they came: such are lost, and left alone.
sub install_stale {
	my (%rows, @dirs);
	for (@_) {
		my (undef, undef, undef, $path, $change) = split /\t/, $_, 5;
		my ($dir) = $path =~ m{(.*)/};
		if (flag('back') && !is_intact($path)) {
			print "$path: what it was is lost\n";
			$lost{$path} = 1;
			next;
		}
		later($change) or return;
		push @dirs, $dir if !$rows{$dir};
		push @{$rows{$dir}}, $_;
	}
	for my $dir (@dirs) {
		$disks{"$dir/"} = 1;
		$step = "files in $dir/";
		put(0, $dir, @{$rows{$dir}}) or return;
	}
	return 1;
}

# files: before services, whose they are.
sub files {
	my $when = time;
	my @rows = lines("$gen/files.list");
	my @new = map { substr $_, 1 + index $_, "\t/" } @rows; # and on_change
	my @paths = map { substr $_, 0, index $_, "\t" } @new;
	my $others = text('installed') ne join "\n", @new, '';
	my @old = $others ? lines('installed') : ();
	my ($id, $same, @stale, $status);
	$step = 'files';
	%disks = ();
	mkdir 'work/put';
	$others && (make_room(\@old, \@new) or return 1);
	($id, $same) = seen();
	@stale = stale($same, $id, \@rows, \@paths);
	delete @$same{map { (split /\t/, $_, 5)[3] } @stale};
	install_stale(@stale) &&
	    remember($when, $same, grep { !$lost{$_} } @paths) or return 1;
	$status = -f 'pending' ? run_pending(@new) : 0;
	return $status || ($others ? settle(\@old, \@new) : 0);
}

1;
