# The rest of a generation's runner, which it carries as `run.rest`: what few
# deploys need. The head of run.pl tells what stands in the root.
our ($verb, $want, $cur, $deploy, $who, $commit, $flags);
our ($gen, $root, $step, %disks);

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

# not_done STATUS: what start answers where another deploy came first, or nothing
# can be written.
sub not_done {
	my ($status) = @_;
	my $line;
	need(current()) if $status == 3;
	if ($status == 4) {
		$line = first_line('lock');
		return start() if $line eq '';
		answer(4, 'locked', $line);
	}
	answer(7, 'space') if $status == 7;
	broken("nothing can be written to $root") if $status == 10;
	answer(0, 'same', $want) if $status == 8;
	follow();
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

# is_back LINE: whether the last line of the journal is of a run that was cut off
# when it had gone back to CURRENT: a rollback, as its lock tells, or a deploy of
# something else.
sub is_back {
	my (undef, $to, $from, undef, $by, undef, $end) = @{$_[0]};
	my ($holder, $way) = (split / /, first_line('lock'))[0, 6];
	return if $end ne 'start';
	return $to eq $cur if $way && $way eq 'back' && $holder eq $by;
	return $to ne $cur && $from eq $cur;
}

# previous: what DEPLOY went back to already, or what was there before CURRENT,
# whose deploy is done, or was cut off. One that was cut off on its way back
# gets there.
sub previous {
	my @journal = journal();
	my ($done) = grep { $_->[4] eq $deploy } @journal;
	my ($last) = grep {
		$_->[1] eq $cur && $_->[6] =~ /^(ok|start)$/ &&
		    $_->[2] ne $cur && $_->[2] ne 'none'
	} reverse @journal;
	my $back = @journal && is_back($journal[-1]);
	print $done ? $done->[1] : $back ? $cur : $last ? $last->[2] : '', "\n";
}

# find: the id that begins with WANT, or why there is none.
sub find {
	my @ids = grep { index($_, $want) == 0 } generations();
	print @ids == 1 ? $ids[0] : @ids ? "$want begins each of @ids" :
	    "$want is not there any more", "\n";
}

# result: how DEPLOY of WANT ended, as the journal tells, which has it behind what
# it was taken back to; 9 where it never began.
sub result {
	my ($last) = grep {
		$_->[4] eq $deploy &&
		    $_->[$_->[6] =~ /^(back|broken):/ ? 2 : 1] eq $want
	} reverse journal();
	exit 9 if !$last && $verb eq 'result';
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

# current: none, too, where it leads to no generation.
sub current {
	return -f 'current/run' ? readlink('current') =~ s{^gen/}{}r : 'none';
}

# need ID: what the node has.
sub need {
	my ($id) = @_;
	marker('need', $id, told($id));
	print map { "$_\n" } lines("gen/$id/MANIFEST");
	exit 3;
}

# follow: another's runner; only its log can be followed. 9 where it is gone, and
# nobody asked how it ended.
sub follow {
	exit 9 if $verb eq 'follow' && !is_ours() && !flag('result');
	marker('running');
	while (is_ours()) {
		show();
		sleep 1;
	}
	show();
	result();
}

# entries PATH: its whole lines: the last of a file that others are added to may
# be torn, by a full disk or one that lost power.
sub entries {
	return text($_[0]) =~ /(.*)\n/g;
}

# add_leaving LINE...: those that are not there.
sub add_leaving {
	my @leave = @_;
	my @there = entries('leaving');
	my %is = map { $_ => 1 } @there;
	return replace('leaving', @there, grep { !$is{$_} } @leave);
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

# --- what few files need -------------------------------------------------------
# stage_here WAS: stage, on another disk: in a directory here, which may be another
# user's, who can put a link in place of ours at any time: that the parent of
# where we get is where we WAS shows that it was none.
sub stage_here {
	my @was = @_;
	rmdir '.keep-new' or !lstat '.keep-new' or
	    status('rm', '-rf', '.keep-new'); # as throw may be led elsewhere
	mkdir '.keep-new', 0700 and chdir '.keep-new'
	    or return refuse('.keep-new');
	my (@up, @at) = stat '..';
	@at = stat '.';
	return ('.', '..') if $up[0] == $was[0] && $up[1] == $was[1] &&
	    $at[4] == $> && ($at[2] & 0777) == 0700;
	print "somebody put another directory in place of .keep-new\n";
	return;
}

# is_intact PATH: whether the generation has the file as it came.
sub is_intact {
	my ($mode, undef, $hash, $file) =
	    split / /, manifest($gen)->{"files$_[0]"}, 4;
	return $mode eq '0600' ? is_salted($gen, $hash, $file) :
	    are($gen, [$hash, $file]);
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
