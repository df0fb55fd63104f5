# The rest of a generation's runner, which it carries as `run.rest`: what few
# deploys need. The head of run.pl tells what stands in the root.
our ($want, $cur, $deploy, $who, $commit, $flags, $gen, $root, $step, %disks);

# --- what most deploys do without a need of -----------------------------------
# make_parents DIR PATH: the directories of PATH, below DIR.
sub make_parents {
	my ($at, @names) = ($_[0], split m{/}, $_[1]);
	pop @names;
	for (@names) {
		mkdir $at .= "/$_" or $! == 17 or return;
	}
	return 1;
}

# status COMMAND...: runs it; 128 and more for one that was killed. Who is to
# end waits for it: it might go on beside the next deploy.
sub status {
	my $ends;
	local @SIG{'HUP', 'INT', 'TERM'} = (sub { $ends = 1 }) x 3;
	my $status = system @_;
	exit 143 if $ends;
	return $status == -1 ? 127 : $status & 127 ? 128 + $status % 128 :
	    $status >> 8;
}

# is_ours: whether the runner that has the lock is of this deploy.
sub is_ours {
	return (holder())[0] eq $deploy;
}

# --- a deploy that is to be ended --------------------------------------------
# tree TOP SESSION: all that it started, and all of that session.
sub tree {
	my ($top, $own) = @_;
	my (%parent, %session, @tree);
	for my $pid (grep { /^\d+$/ } names('/proc')) {
		my @fields = split / /, first_line("/proc/$pid/stat") =~
		    s/.*\) //r;
		next if !@fields || $fields[0] eq 'Z';
		($parent{$pid}, $session{$pid}) = @fields[1, 3];
	}
	for my $pid (keys %parent) {
		my $up = $pid;
		$up = $parent{$up} while exists $parent{$up} && $up != $top &&
		    $session{$up} != $own;
		push @tree, $pid if exists $parent{$up};
	}
	return @tree;
}

# Two at work would undo each other. The session is the holder's where aside
# made it; another may have programs of its user, too. The runner is the first
# to end, or it would go back when a script does.
sub end_holder {
	my ($holder, $pid) = holder();
	return if !$holder || $holder eq $deploy;
	my $own = text("/proc/$pid/cmdline") =~ /\0work\0/ ? $pid : -1;
	for my $signal (('TERM') x 5, 'KILL') {
		my @tree = tree($pid, $own) or return;
		kill $signal, sort { ($b == $pid) <=> ($a == $pid) } @tree;
		sleep 1;
	}
}

# --- what the journal tells --------------------------------------------------
# journal: lines of words. One may be torn.
sub journal {
	return grep { @$_ == 7 } map { [split / /] } lines('journal');
}

# told ID: commit, who and time of the last line that names it.
sub told {
	my ($id) = @_;
	my ($last) = grep { $_->[1] eq $id } reverse journal();
	return $last ? "@$last[3, 5, 0]" : '';
}

# previous: what DEPLOY went back to already, or what was there before CURRENT.
sub previous {
	my @journal = journal();
	my ($done) = grep { $_->[4] eq $deploy } @journal;
	my ($last) = grep {
		$_->[1] eq $cur && $_->[6] eq 'ok' && $_->[2] ne $cur &&
		    $_->[2] ne 'none'
	} reverse @journal;
	print $done ? $done->[1] : $last ? $last->[2] : '', "\n";
}

# find: the id that begins with WANT, or why there is none.
sub find {
	my @ids = grep { index($_, $want) == 0 } generations();
	print @ids == 1 ? $ids[0] : @ids ? "$want begins each of @ids" :
	    "$want is not there any more", "\n";
}

# result: how DEPLOY ended, as the journal tells.
sub result {
	my ($last) = grep { $_->[4] eq $deploy } reverse journal();
	my ($end, $status) = split /:/, $last ? $last->[6] : '';
	$end = '' if !defined $end;
	answer(0, 'ok', $last->[1]) if $end eq 'ok';
	answer(6, 'fail', $status, 'back') if $end eq 'back';
	answer(6, 'fail', $status, 'it was taken back, but what was there ' .
	    'before fails, too') if $end eq 'broken';
	answer(5, 'fail', $status, 'kept') if $end eq 'fail';
	answer(5, 'fail', 137, 'kept') if $end eq 'start';
	answer(7, 'fail', 137, 'the runner was killed before it began');
}

# need ID: what the node has.
sub need {
	my ($id) = @_;
	marker('need', $id, told($id));
	print map { "$_\n" } lines("gen/$id/MANIFEST");
	exit 3;
}

# follow: another's runner; only its log can be followed.
sub follow {
	marker('running');
	while (is_ours()) {
		show();
		sleep 1;
	}
	show();
	result();
}

# --- the way back ------------------------------------------------------------
sub stay {
	my ($status) = @_;
	applied($want, $status);
	note($want, $cur, $commit, "fail:$status");
	durable('.');
	return 5;
}

# go_back STATUS: to what was there before, if that can be. What fails stays
# written down until a deploy does not, which therefore applies again.
sub go_back {
	my ($status) = @_;
	my ($by) = split / /, told($cur);
	my $how = 'back';
	services('remove', $want, 'base') if $status == 75 && $cur eq 'none';
	return stay($status) if $cur eq 'none' || $cur eq $want;
	print "going back to $cur\n";
	leaving($want, $cur);
	applied($cur, '-') && switch_to($cur) or return stay($status);
	$how = 'broken' if status('perl', "gen/$cur/run", 'apply', $cur, $want,
	    $deploy, $who, '-', "$flags,back");
	applied($cur, $status);
	note($cur, $want, defined $by ? $by : '-', "$how:$status");
	durable('.');
	return 6;
}

# confirmed: 0, or 75. Whoever reaches the node over a fresh connection removes
# the file.
sub confirmed {
	my $left = value('magic', 0);
	mkdir 'confirm';
	put_lines('>', "confirm/$deploy") or return 1;
	sleep 1 while -f "confirm/$deploy" && $left-- > 0;
	return 0 if !unlink "confirm/$deploy"; # at the last moment
	print "nobody confirmed\n";
	return 75;
}

# --- a session of its own ----------------------------------------------------
# aside: work, in a session of its own, which is followed.
sub aside {
	my $pid = fork;
	return trouble() if !defined $pid;
	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', '/dev/null';
		open STDERR, '>&', \*STDOUT;
		exec 'setsid', 'perl', "$gen/run", 'work', @ARGV[1 .. 6]
		    or kill KILL => $$;
	}
	local $SIG{CHLD} = sub { };
	while (waitpid($pid, 1) == 0) {
		sleep 1;
		show() if is_ours();
	}
	return $? & 127 ? 128 + ($? & 127) : $? >> 8;
}

# --- files that come and go --------------------------------------------------
# is_intact PATH: whether the generation has the file as it came.
sub is_intact {
	my ($mode, undef, $hash, $file) =
	    split / /, manifest($gen)->{"files$_[0]"}, 4;
	return $mode eq '0600' ? is_salted($gen, $hash, $file) :
	    are($gen, [$hash, $file]);
}

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
	while ($path =~ s{/([^/]*)$}{}) {
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

# run_pending LINE...: a command of a generation that is gone may fail.
sub run_pending {
	my %ours = map { s/.*?\t//r => 1 } @_;
	for my $command (entries('pending')) {
		print "$command\n";
		$step = "on_change $command";
		my $status = status('timeout', '-k', 10, value('timeout', 600),
		    'sh', '-c', $command);
		return $status if $status && $ours{$command};
	}
	unlink 'pending';
	return 0;
}

# services VERB ID [WORD]: with services.sh of that generation.
sub services {
	my ($what, $id, $word) = (@_, '-');
	return status('sh', "gen/$id/run.services", $what, $id,
	    value('timeout', 600), flag('back') ? 'yes' : '', $word);
}

# --- what some packs have ----------------------------------------------------
# from_base64 TEXT
sub from_base64 {
	my ($text) = @_;
	$text =~ tr{A-Za-z0-9+/}{}cd;
	$text =~ tr{A-Za-z0-9+/}{ -_};
	return join '', map {
		unpack 'u', chr(32 + int(length($_) * 3 / 4)) . $_
	} $text =~ /(.{1,60})/g;
}

# reader IN DIR COMMAND...: what it says, in DIR, of what it reads from IN.
sub reader {
	my ($in, $dir, @command) = @_;
	my $pid = open my $out, '-|';
	return $out if $pid || !defined $pid;
	open STDIN, '<&', $in;
	chdir $dir and exec @command or kill KILL => $$;
}

# spool BYTES...: what holds them, to be read.
sub spool {
	my $path = "gen/.spool.$$";
	open my $file, '+>', $path or return;
	unlink $path;
	return (print $file @_) && seek($file, 0, 0) && $file;
}

# found DIR BELOW: all that is there and no directory, as in %is.
sub found {
	my ($dir, $below) = @_;
	return map {
		lstat "$dir/$below$_";
		-d _ ? found($dir, "$below$_/") : ("$below$_" => '');
	} names("$dir/$below");
}

# are_by_program DIR SUM...: as are.
sub are_by_program {
	my ($dir, @sums) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my $pid = open my $sums, '|-';
	if (defined $pid && !$pid) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>&', \*STDOUT;
		chdir $dir and exec 'sha256sum', '-c' or kill KILL => $$;
	}
	return (print $sums map { "$_->[0]  $_->[1]\n" } @sums) & close $sums;
}

# is_salted DIR HASH PATH: what is secret has the hash of the salt before it.
sub is_salted {
	my ($dir, $hash, $path) = @_;
	return sum("$dir/salt", "$dir/$path") eq $hash if library();
	my $salted = text("$dir/salt") . text("$dir/$path");
	local $SIG{PIPE} = 'IGNORE';
	pipe my $in, my $to or return;
	my $sum = reader($in, '.', 'sha256sum') or return;
	close $in;
	print $to $salted;
	close $to;
	return <$sum> =~ /^$hash /;
}

1;
