#!/usr/bin/perl
# The runner of a generation, which carries it as `run`: takes the next one,
# makes the node what it says, and the old one again when that fails. Source:
# DEPLOY 2, 3. One process, of what Debian's perl-base has without a module:
# each program that a node starts costs more than all that is done here. The
# checks have it be strict; to load that on each node they spare it. Its parts
# are take.pl, files.pl, room.pl, rest.pl, and services.sh of what services need.
# The root, where we are, has applied, current, journal, lock, gen/ and
#	installed	the files that we put, each with its on_change
#	pending		commands of on_change that are still to be run
#	leaving		services to be removed, and which generation can
#	original/	what stood where files of ours stand now
#	gen/.spare	a generation that went, of which the next is made
#	work/seen	ID, and size, change and path of files that are as it has them
#	work/put/	files on their way
#	work/return	is there when files left: what come_back looks for may be
#	work/returned	paths of which what stood there does again
#
#	perl gen/ID/run VERB WANT CURRENT DEPLOY WHO COMMIT FLAGS [BASE PACK]
#
# VERB: need, work, apply, follow, previous, find, result, start; or take, which
# node.sh tells of: WANT, of stdin or PACK and what BASE has, then start; or keep,
# with the words of node.sh, which is run behind that where it returns.
# FLAGS, by commas: those of node.sh and break (end a runner that has the lock),
# repair (apply what is applied), magic=S (go back unless confirm/DEPLOY is removed
# within S seconds), timeout=S (of each script), drop=ID (remove that generation),
# back (we are on the way).
# What the journal holds, a line: time, id, the id before it, COMMIT, DEPLOY,
# WHO, and start, ok, fail:STATUS, back:STATUS or, where what was there before
# failed, too, broken:STATUS.

our ($verb, $want, $cur, $deploy, $who, $commit, $flags, $base, $pack) =
    map { defined ? $_ : '' } @ARGV[0 .. 8];
our $root = readlink '/proc/self/cwd';
our ($gen, $step, $new, %disks, %lost) = ("gen/$want", '', '');
our ($home) = "$root/$0" =~ m{(.*)/};
my ($locked, $spare, @rubbish) = ('', '');
my $self = $$; # a child that could not become another program is none of us
$| = 1;
umask 022;

# Its other parts, read when something of theirs is called first: few deploys
# need the rest.
sub AUTOLOAD {
	our $AUTOLOAD;
	my $sub = \&$AUTOLOAD;
	my ($name) = $AUTOLOAD =~ /(\w+)$/;
	my %part = (take => 'take', are => 'take', library => 'take',
	    files => 'files', make_room => 'room', settle => 'room',
	    come_back => 'room');
	require "$home/run." . ($part{$name} || 'rest');
	defined &$sub or die "there is no $name\n";
	goto &$sub;
}

# --- words, lines and files --------------------------------------------------
sub flag {
	return index(",$flags,", ",$_[0],") >= 0;
}

# value NAME DEFAULT: that of a flag.
sub value {
	return ",$flags" =~ /,\Q$_[0]\E=([^,]+)/ ? $1 : $_[1];
}

sub marker {
	print "\nK1 @_\n";
}

sub answer {
	my $status = shift;
	marker(@_);
	exit $status;
}

# broken WHY: what could not be written, or came damaged.
sub broken {
	my $why = "@_";
	answer(7, 'space') if $why =~ /No space|quota|Wrote only/;
	$why =~ tr/\n/ /;
	answer(7, 'fail', 1, $why);
}

# trouble: what work ends with where nothing can be written: 7 for a full disk.
sub trouble {
	return $! =~ /No space|quota/ ? 7 : 10;
}

# text PATH: all of it; nothing where there is no such file, or process.
sub text {
	my ($file, $text);
	local $/;
	open $file, '<:unix', $_[0] and defined($text = <$file>) and return $text;
	die "$_[0]: $!\n" if $! != 2 && $! != 3 && $! != 20;
	return '';
}

sub lines {
	return split /\n/, text($_[0]);
}

sub first_line {
	my ($line) = lines($_[0]);
	return defined $line ? $line : '';
}

# put_lines HOW PATH LINE...: whether all are in the file.
sub put_lines {
	my ($how, $path, @lines) = @_;
	open my $file, $how, $path or return;
	return (print $file join "\n", @lines, '') & close $file;
}

# replace PATH LINE...: at once.
sub replace {
	my ($path, @lines) = @_;
	return put_lines('>', "$path.new", @lines) &&
	    rename("$path.new", $path) || refuse($path);
}

# refuse WHAT: nothing, which $! tells the reason of.
sub refuse {
	print "@_: $!\n";
	return;
}

# names DIR: what is in it.
sub names {
	opendir my $dir, $_[0] or return;
	return grep { $_ ne '.' && $_ ne '..' } readdir $dir;
}

# throw PATH...: as rm -rf, of what no other user may change meanwhile.
sub throw {
	for my $path (@_) {
		next if unlink($path) || !lstat $path;
		throw(map { "$path/$_" } names($path));
		rmdir $path;
	}
}

# same A B: whether two names are of one file.
sub same {
	my @a = stat $_[0] or return;
	my @b = stat $_[1] or return;
	return $a[0] == $b[0] && $a[1] == $b[1];
}

# --- other programs ----------------------------------------------------------
# durable DIR...: all on their disks. The number of syncfs(2) by the ELF machine
# that this process is of, as others have theirs: a program of it costs more
# than all files of a deploy.
my %SYNCFS = (62 => 306, 183 => 267, 243 => 267);
my $syncfs;

sub durable {
	if (!defined $syncfs) {
		open my $me, '<', '/proc/self/exe';
		read $me, my $head, 20;
		$syncfs = $SYNCFS{unpack 'x18 v', $head} || 0;
	}
	for my $dir (@_) {
		my $at;
		if ($syncfs && open $at, '<', $dir) {
			next if syscall($syncfs, fileno $at) == 0;
			return 1 if $! != 38; # ENOSYS: told to us alone
		}
		return status('sync', '-f', '--', @_) && status('sync');
	}
	return 0;
}

# --- the lock: its holder is a process of this boot, or it is stale ----------
# start_of PID: when it began, in ticks; nothing when it is gone, or nobody but
# init may still ask how it ended.
sub start_of {
	my $line = first_line("/proc/$_[0]/stat");
	my @fields = split / /, $line =~ s/.*\) //r;
	return @fields && $fields[0] !~ /[ZX]/ ? $fields[19] : '';
}

sub boot {
	return first_line('/proc/sys/kernel/random/boot_id');
}

# holder: the deploy whose runner lives, and its process.
sub holder {
	my ($holder, undef, undef, $boot, $pid, $start) =
	    split / /, first_line('lock');
	return ('', 0)
	    if !$start || $boot ne boot() || start_of($pid) ne $start;
	return ($holder, $pid);
}

# take_lock: 0, or what work is to end with. What is wanted may be gone since it
# was looked for: only who has the lock removes it. The log is there before others
# are led to it. One that cannot be taken leaves what a stale one tells.
sub take_lock {
	my ($line, $holder);
	open my $guard, '>', 'lock.take' or return trouble();
	flock $guard, 2 or return trouble();
	($holder) = holder();
	return $holder eq $deploy ? 9 : 4 if $holder;
	return 3 if !is_current($cur) || !-f "$gen/MANIFEST";
	return 8 if is_applied() && !flag('repair');
	$line = join ' ', $deploy, $who, time, boot(), $$, start_of($$),
	    flag('previous') ? 'back' : ();
	put_lines('>', "$gen.log") && replace('lock', $line) or return trouble();
	$locked = $line;
	return 0;
}

# Nobody takes it from who lives. What is to go goes before it.
sub release {
	return if !$locked || first_line('lock') ne $locked;
	throw(@rubbish);
	spare($spare) if $spare;
	unlink 'lock';
	$locked = '';
}

# spare ID: what take.pl makes the next generation of. No secret stays in it.
sub spare {
	my $old = "gen/.old.$$";
	rename "gen/$_[0]", $old or return;
	unlink map { "$old/$_" }
	    text("$old/MANIFEST") =~ /^0600 \S+ \S+ (.*)/mg;
	rename $old, 'gen/.spare' or throw($old);
}

END {
	if ($$ == $self) {
		my $status = $?;
		chdir $root;
		throw($new) if $new;
		release();
		$? = $status;
	}
}

# --- what is written down ----------------------------------------------------
# All is durable before current is switched, and before the end. What a power
# cut may leave of `applied` in between is no "ID 0", and applied again.

sub is_current {
	return !-f 'current/run' if $_[0] eq 'none';
	return same('current', "gen/$_[0]");
}

# is_applied: another deploy has just done it.
sub is_applied {
	return $cur eq $want && first_line('applied') =~ /^$want 0 /;
}

# applied ID STATUS: over what is there, which is as long: no disk is too full
# for it, and none has half of it.
sub applied {
	my ($id, $status) = @_;
	my $file;
	open $file, '+<', 'applied' or open $file, '>', 'applied' or return;
	printf $file "%-120s\n", join ' ', $id, $status, $deploy, time;
	return close $file;
}

# note TO FROM COMMIT RESULT. A line may be torn.
sub note {
	my ($to, $from, $by, $result) = @_;
	my $last = "\n";
	open my $journal, '+>>', 'journal' or return;
	seek $journal, -1, 2 and read $journal, $last, 1;
	print $journal $last eq "\n" ? '' : "\n", join(' ', time, $to, $from,
	    $by, $deploy, $who, $result), "\n";
	return close $journal;
}

# listed LINE...: of a manifest (mode, size, hash, path), each by path.
sub listed {
	return map { (substr($_, 66 + index $_, ' ', 5) => $_) } @_;
}

# manifest DIR [IS]: those, which are read once, or what IS.
my %manifests;

sub manifest {
	my ($dir, $is) = @_;
	return $manifests{$dir} = $is || $manifests{$dir} ||
	    {listed(lines("$dir/MANIFEST"))};
}

# has DIR [LINE...]: whether its manifest has them: a set, which costs less.
my %sets;

sub has {
	my ($dir, @lines) = @_;
	return $sets{$dir} if $sets{$dir};
	@lines = lines("$dir/MANIFEST") if !@lines;
	@{$sets{$dir}}{@lines} = ();
	return $sets{$dir};
}

# generations: their ids.
sub generations {
	return grep { /^[0-9a-f]+$/ } names('gen');
}

sub switch_to {
	unlink 'current.new';
	return symlink("gen/$_[0]", 'current.new') && durable('.') == 0 &&
	    rename 'current.new', 'current';
}

# --- the work, in a session of its own where it may take long ----------------
sub has_services {
	return -s "$_[0]/recipes/list";
}

# apply: the status of what fails.
sub apply {
	my $status = 0;
	mkdir 'work';
	$status = services('before', $want)
	    if -f 'leaving' || has_services($gen);
	return $status if $status;
	$status = files();
	print "failed: $step\n" if $status;
	$status = services('after', $want) if !$status && has_services($gen);
	return $status if $status || !%lost;
	print 'failed: file ', (sort keys %lost)[0], "\n";
	return 1;
}

# newest: the wanted one is, whatever the clock says.
sub newest {
	my ($last) = sort { $b <=> $a } time,
	    map { 1 + (stat "gen/$_")[9] }
	    grep { $_ ne $want } generations();
	utime $last, $last, $gen;
}

# collect: five generations stay, and none that is to be dropped; what is in use
# or still needed stays, too.
sub collect {
	my $drop = value('drop', '');
	my %needed = map { $_ => 1 } $want, $cur,
	    map { s/.* //r } lines('leaving');
	my %when = map { $_ => (stat "gen/$_")[9] } generations();
	my @ids = sort { $when{$a} <=> $when{$b} } keys %when;
	my $left = @ids;
	for my $id (sort { ($b eq $drop) <=> ($a eq $drop) } @ids) {
		next if $needed{$id} || $id ne $drop && $left <= 5;
		push @rubbish, "gen/$id", "gen/$id.log";
		$spare = $id if $id ne $drop;
		$left--;
	}
	@rubbish = grep { $_ ne "gen/$spare" } @rubbish;
	for (grep { /^\..*\.(\d+)$/ && !start_of($1) } names('gen')) {
		push @rubbish, "gen/$_";
	}
}

# leaving A B: the services of A that B has not are to be removed.
sub leaving {
	my ($from, $to) = @_;
	my %stay = map { $_ => 1 } lines("gen/$to/recipes/list");
	my @leave = map { "$_ $from" }
	    grep { !$stay{$_} } lines("gen/$from/recipes/list");
	return 1 if !@leave;
	return add_leaving(@leave);
}

# do_work: what work does when it has the lock.
sub do_work {
	my $status;
	leaving($cur, $want) or return trouble();
	($commit) = split / /, told($want) if flag('previous');
	newest();
	note($want, $cur, $commit, 'start') && applied($want, '-') &&
	    switch_to($want) or return trouble();
	$status = eval { apply() || (value('magic', 0) > 0 && confirmed()) };
	print $@ if !defined $status;
	return go_back(defined $status ? $status : 1)
	    if !defined $status || $status;
	-e 'work/return' && !come_back() and return trouble();
	note($want, $cur, $commit, 'ok') && durable('.') == 0 &&
	    applied($want, 0) or return trouble();
	durable('.');
	collect();
	return 0;
}

# work: all that it and others print goes to the log.
sub work {
	my $status;
	end_holder() if flag('break');
	$status = take_lock();
	return $status if $status;
	open my $out, '>&', \*STDOUT;
	open my $err, '>&', \*STDERR;
	open STDIN, '<', '/dev/null';
	open STDOUT, '>', "$gen.log";
	open STDERR, '>&', \*STDOUT;
	$status = do_work();
	open STDOUT, '>&', $out;
	open STDERR, '>&', $err;
	release();
	return $status;
}

# --- what the client sees ----------------------------------------------------
my ($log, $asked);

# show: what is new in the log.
sub show {
	my $told = '';
	$log or open $log, '<', "$gen.log" or return;
	seek $log, 0, 1;
	while (<$log>) {
		$told .= 'K1| ' . s/\n?\z/\n/r;
		next if length $told < 1 << 16;
		print $told;
		$told = '';
	}
	print $told;
	return if $asked || !-f "confirm/$deploy";
	$asked = 1;
	marker('confirm');
}

# takes_long: there may be something to wait for, or to be ended.
sub takes_long {
	return has_services($gen) || has_services("gen/$cur") ||
	    -f 'pending' || -f 'leaving' || value('magic', 0) > 0 ||
	    "@_" =~ /\n(?<=[^\t\n]\n)/; # as fast as its first letter
}

# is_usual: whether node.sh would find nothing to do before take.
sub is_usual {
	return !-e '/etc/keep/no-deploy' && first_line('lock') eq '' &&
	    first_line('applied') =~ /^$cur 0 / && is_current($cur) &&
	    !grep { defined $ENV{$_} }
		qw(PERL5OPT PERL5LIB PERL_UNICODE PERLIO);
}

# direct: take, where the node is as the client takes it to be: node.sh sets the
# same. Its BASE is our CURRENT, and its PACK our BASE.
sub direct {
	eval { is_usual() } or return;
	$ENV{LC_ALL} = 'C';
	$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';
	($base, $pack) = ($cur, $base);
	take();
}

sub start {
	my $status = takes_long(map { text("$_/files.list") }
	    $gen, "gen/$cur") ? aside() : work();
	not_done($status) if $status =~ /^(3|4|7|8|9|10)$/;
	$| = 0; # what is told now is one message
	show();
	answer(0, 'ok', $want) if $status == 0;
	result();
}

$SIG{$_} = sub { exit 143 } for 'HUP', 'INT', 'TERM', 'PIPE';
my %verbs = (need => sub { need($want) },
	work => sub { exit(eval { work() } || $@ && 10) },
	apply => sub { exit apply() }, follow => \&follow, find => \&find,
	previous => \&previous, result => \&result, start => \&start,
	take => \&take, keep => \&direct);
eval { $verbs{$verb}->(); 1 } or broken($@);
