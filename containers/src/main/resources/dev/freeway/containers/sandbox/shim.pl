# The process that stands between Freeway and a container. Freeway may die and come back; this does not.
#
#   shim.pl start FILE   makes the container described in FILE, says "ok" once its command runs (or "error ..."),
#                        and leaves a supervisor behind that writes the log segments and, at the end, the exit file
#   shim.pl exec FILE    runs one more command inside a running container; stdio is the caller's, the exit code too
#
# FILE is a list of NUL-ended tokens: a key and its values (see %arity). Only what perl-base offers is used, and
# nothing is loaded after the root has been changed. Processes: launcher -> supervisor -> init (PID 1) -> command.
use strict;
use warnings;

my %syscalls = (
  amd64 => { mount => 165, umount2 => 166, pivot_root => 155, unshare => 272, setns => 308, sethostname => 170,
             prctl => 157, capset => 126, setgroups => 116, setuid => 105, setgid => 106, rt_sigprocmask => 14,
             signalfd4 => 289, clock_gettime => 228, setsid => 112, prlimit => 302 },
  aarch64 => { mount => 40, umount2 => 39, pivot_root => 41, unshare => 97, setns => 268, sethostname => 161,
               prctl => 167, capset => 91, setgroups => 159, setuid => 146, setgid => 144, rt_sigprocmask => 135,
               signalfd4 => 74, clock_gettime => 113, setsid => 157, prlimit => 261 },
);
my %everywhere = (open_tree => 428, move_mount => 429, mount_setattr => 442);

my %arity = (mount => 5, ulimit => 3);    # kind, source, target, "ro" or "rw", options; number, soft, hard; else one value
my %many = map { $_ => 1 } qw(lower env arg cgroup cgroupfs mount dev ulimit);

use constant {
  NEWNS => 0x20000, NEWCGROUP => 0x2000000, NEWUTS => 0x4000000, NEWIPC => 0x8000000, NEWPID => 0x20000000,
  RDONLY => 1, NOSUID => 2, NODEV => 4, NOEXEC => 8, REMOUNT => 32, BIND => 4096, REC => 16384, PRIVATE => 1 << 18,
  CWD => -100, EMPTY_PATH => 0x1000, RECURSIVE => 0x8000, CLOEXEC => 0x80000,
  SIGCHLD => 17, CAP_KILL => 5, CAP_SETGID => 6, CAP_SETUID => 7, CAP_SETPCAP => 8,
};

my ($mode, $file) = @ARGV;
my $spec = load($file);
my $nr = $syscalls{ $spec->{arch} } or fail("no system call numbers for processor $spec->{arch}");
$mode eq 'start' ? start() : $mode eq 'exec' ? execute() : fail("unknown mode $mode");

# ---- reading what to do

sub load {
  my ($path) = @_;
  open(my $in, '<', $path) or fail("cannot read $path: $!");
  local $/;
  my @tokens = split /\0/, scalar(<$in>), -1;
  pop @tokens;
  my %spec = map { $_ => [] } keys %many;
  while (@tokens) {
    my $key = shift @tokens;
    my @values = splice @tokens, 0, $arity{$key} || 1;
    my $value = $arity{$key} ? \@values : $values[0];
    $many{$key} ? push(@{ $spec{$key} }, $value) : ($spec{$key} = $value);
  }
  return \%spec;
}

sub fail { print "error $_[0]\n"; exit 125 }

sub sys {
  my ($name, @args) = @_;
  return syscall($nr->{$name} // $everywhere{$name}, @args);
}

sub must {
  my ($what, $name, @args) = @_;
  my $result = sys($name, @args);
  die "$what: $!\n" if $result == -1;
  return $result;
}

sub micros {
  my $time = pack 'qq', 0, 0;
  # Directly, not through sys(): the kernel writes into this very string.
  syscall($nr->{clock_gettime}, 0, $time);
  my ($s, $n) = unpack 'qq', $time;
  return $s * 1_000_000 + int($n / 1000);
}

sub slurp { my ($path) = @_; open(my $in, '<', $path) or return ''; local $/; my $all = <$in>; return $all // '' }

sub started { my ($pid) = @_; my $stat = slurp("/proc/$pid/stat"); $stat =~ s/^.*\) //s; return (split ' ', $stat)[19] // 0 }

sub publish {
  my ($path, $text) = @_;
  open(my $out, '>', "$path.new") or die "cannot write $path: $!\n";
  print $out $text;
  close $out or die "cannot write $path: $!\n";
  rename "$path.new", $path or die "cannot write $path: $!\n";
}

# ---- launcher and supervisor

sub start {
  pipe(my $ready, my $tell) or fail("pipe: $!");
  my $pid = fork // fail("fork: $!");
  if ($pid) {
    close $tell;
    local $/;
    my $answer = <$ready>;
    $answer = "error the supervisor died\n" if !defined $answer || $answer eq '';
    print $answer;
    exit($answer =~ /^ok/ ? 0 : 125);
  }
  close $ready;
  sys('setsid');
  $SIG{$_} = 'IGNORE' for qw(TERM INT HUP PIPE QUIT USR1 USR2);
  open STDIN, '<', '/dev/null';
  open STDOUT, '>', '/dev/null';
  open STDERR, '>>', "$spec->{dir}/shim.err";
  my $problem = eval { supervise($tell); 1 } ? undef : $@;
  if ($problem) {
    syswrite $tell, "error $problem";
    print STDERR $problem;
    finish(125, 0, $problem);
  }
  exit 0;
}

sub supervise {
  my ($tell) = @_;
  pipe(my $out, my $out_w) or die "pipe: $!\n";
  pipe(my $err, my $err_w) or die "pipe: $!\n";
  pipe(my $status, my $status_w) or die "pipe: $!\n";
  must('new process namespace', 'unshare', NEWPID);
  my $init = fork // die "fork: $!\n";
  if (!$init) {
    close $_ for $out, $err, $status, $tell;
    init($out_w, $err_w, $status_w);
  }
  close $_ for $out_w, $err_w, $status_w;
  publish("$spec->{dir}/pids", join(' ', $$, started($$), $init, started($init), micros()) . "\n");
  my $said = '';
  while (sysread $status, $said, 4096, length $said) { }
  my ($code, $reason) = $said =~ /^(\d+) (.*)/s ? ($1, $2) : (undef, '');
  syswrite $tell, defined $code && $code == 125 ? "error $reason" : "ok\n";
  close $tell;
  pump($out => 'o', $err => 'e');
  waitpid $init, 0;
  $code //= ($? & 127) ? 128 + ($? & 127) : $? >> 8;
  my $oom = $spec->{oomfile} && slurp($spec->{oomfile}) =~ /^oom_kill (\d+)/m ? $1 : 0;
  finish($code, $oom, $reason);
}

sub finish {
  my ($code, $oom, $reason) = @_;
  chomp $reason;
  $reason =~ s/\s+/ /g;
  rmdir for @{ $spec->{cgroup} };
  publish("$spec->{dir}/exit", join("\n", $code, $oom ? 1 : 0, micros(), $reason) . "\n");
  rename "$spec->{dir}/exit", "$spec->{exits}/$spec->{id}" or die "cannot write the exit file: $!\n";
}

# Copies both streams into log segments. A record is "MICROS STREAM TEXT\n"; an upper-case stream letter means that the
# text was not ended by a newline (a very long line, or the last one).
sub pump {
  my ($out, $out_letter, $err, $err_letter) = @_;
  my %letter = (fileno($out) => $out_letter, fileno($err) => $err_letter);
  my %handle = (fileno($out) => $out, fileno($err) => $err);
  my %held = map { $_ => '' } keys %handle;
  my ($segment, $size) = (0, 0);
  open(my $log, '>>', "$spec->{logs}/$spec->{id}.0") or die "cannot write the log: $!\n";
  my $put = sub {
    my ($fd, $text, $ended) = @_;
    my $prefix = micros() . ' ' . ($ended ? $letter{$fd} : uc $letter{$fd}) . ' ';
    $text =~ s/\n/\n$prefix/g;
    $text = "$prefix$text\n";
    my $done = 0;
    while ($done < length $text) {
      my $n = syswrite $log, $text, length($text) - $done, $done;
      last if !defined $n;    # a full disk must not stop the container
      $done += $n;
    }
    $size += length $text;
    if ($size > $spec->{logsegment}) {
      $segment++;
      $size = 0;
      open($log, '>>', "$spec->{logs}/$spec->{id}.$segment") or return;
      unlink "$spec->{logs}/$spec->{id}." . ($segment - $spec->{logkeep}) if $segment >= $spec->{logkeep};
    }
  };
  while (%handle) {
    my $wanted = '';
    vec($wanted, $_, 1) = 1 for keys %handle;
    my $n = select($wanted, undef, undef, undef);
    next if $n <= 0;
    for my $fd (sort keys %handle) {
      next if !vec($wanted, $fd, 1);
      my $got = sysread $handle{$fd}, $held{$fd}, 65536, length $held{$fd};
      if (!$got) {
        $put->($fd, $held{$fd}, 0) if length $held{$fd};
        delete $handle{$fd};
        next;
      }
      my $last = rindex $held{$fd}, "\n";
      $put->($fd, substr($held{$fd}, 0, $last), 1) if $last >= 0;
      substr($held{$fd}, 0, $last + 1) = '' if $last >= 0;
      if (length $held{$fd} > 262144) { $put->($fd, $held{$fd}, 0); $held{$fd} = '' }
    }
  }
}

# ---- init: PID 1 of the container

sub init {
  my ($out, $err, $status) = @_;
  my $signals = eval {
    must('death signal', 'prctl', 1, 9, 0, 0, 0);
    enclose();
    furnish();
    drop(1);
    my $all = "\xff" x 8;
    must('signal mask', 'rt_sigprocmask', 2, $all, 0, 8);
    must('signalfd', 'signalfd4', -1, $all, 8, CLOEXEC);
  };
  if ($@) { syswrite $status, "125 $@"; exit 125 }
  my $main = fork // do { syswrite $status, "125 fork: $!"; exit 125 };
  if (!$main) {
    open STDOUT, '>&', $out;
    open STDERR, '>&', $err;
    eval { become(); run($status) };
    syswrite $status, "125 $@";
    exit 125;
  }
  close $_ for $out, $err, $status;
  open(my $in, '<&=', $signals);
  while (sysread $in, my $info, 128) {
    my $signal = unpack 'L', $info;
    if ($signal != SIGCHLD) { kill $signal, $main; next }
    while ((my $gone = waitpid -1, 1) > 0) {
      exit(($? & 127) ? 128 + ($? & 127) : $? >> 8) if $gone == $main;
    }
  }
}

sub enclose {
  for my $dir (@{ $spec->{cgroup} }) {
    open(my $procs, '>', "$dir/cgroup.procs") or die "cannot join $dir: $!\n";
    syswrite($procs, "0\n") or die "cannot join $dir: $!\n";
  }
  if ($spec->{netns}) {
    open(my $net, '<', $spec->{netns}) or die "cannot open $spec->{netns}: $!\n";
    must('join network namespace', 'setns', fileno $net, 0);
  }
  must('new namespaces', 'unshare', NEWNS | NEWUTS | NEWIPC | NEWCGROUP);
  sys('sethostname', $spec->{hostname}, length $spec->{hostname}) if !$spec->{hostnet};
}

# Makes the file system of the container. Sources are opened before the root changes and attached after it, so that a
# symbolic link inside an image can never lead a mount outside.
sub furnish {
  my ($none, $slash, $overlay) = ('none', '/', 'overlay');
  must('private mounts', 'mount', $none, $slash, $none, REC | PRIVATE, 0);
  chdir $spec->{base} or die "cannot enter $spec->{base}: $!\n";
  my $root = "$spec->{dir}/root";
  my $data = 'lowerdir=' . join(':', @{ $spec->{lower} }) . ",upperdir=$spec->{upper},workdir=$spec->{work}";
  $data .= ',index=off,redirect_dir=off,metacopy=off,xino=off';
  must('overlay root', 'mount', $overlay, $root, $overlay, 0, $data);
  my @ready;
  for my $mount (@{ $spec->{mount} }) {
    my ($kind, $source, $target, $access, $options) = @$mount;
    if ($kind eq 'cow') {
      my $merged = $options;
      my $views = "lowerdir=$source,upperdir=$options.upper,workdir=$options.work,index=off";
      must("private view of $source", 'mount', $overlay, $merged, $overlay, 0, $views);
      $source = $merged;
    }
    my $fd;
    if ($kind ne 'tmpfs') {
      $fd = must("mount source $source", 'open_tree', CWD, $source, 1 | CLOEXEC | RECURSIVE);
      protect($fd, "") if $access eq 'ro';
    }
    push @ready, [ $kind, $fd, $target, $access, $options, $kind ne 'tmpfs' && !-d $source ];
  }
  my %device;
  for my $name (@{ $spec->{dev} }) {
    my $path = "/dev/$name";
    $device{$name} = must("device $path", 'open_tree', CWD, $path, 1 | CLOEXEC) if -e $path;
  }
  chdir $root or die "cannot enter the root: $!\n";
  my ($here, $here_too) = ('.', '.');
  must('pivot_root', 'pivot_root', $here, $here_too);
  must('detach the host', 'umount2', $here, 2);
  chdir '/' or die "cannot enter the new root: $!\n";
  umask 022;
  kernel_file_systems(\%device);
  for my $mount (@ready) {
    my ($kind, $fd, $target, $access, $options, $is_file) = @$mount;
    $is_file ? make_file($target) : make_dir($target);
    if ($kind eq 'tmpfs') { mount_new('tmpfs', $target, NOSUID | NODEV, $options) }
    else { attach($fd, $target) }
  }
  protect(CWD, '/') if $spec->{readonly};
}

sub kernel_file_systems {
  my ($device) = @_;
  make_dir($_) for qw(/proc /sys /dev /tmp);
  chmod 01777, '/tmp' if (stat '/tmp')[2] & 07777 != 01777 && !$spec->{keeptmp};
  mount_new('proc', '/proc', NOSUID | NODEV | NOEXEC, '');
  my $ports = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
  if ($spec->{netns} && open(my $out, '>', $ports)) { syswrite $out, '0' }
  mount_new('sysfs', '/sys', NOSUID | NODEV | NOEXEC | RDONLY, '');
  if (@{ $spec->{cgroupfs} }) {
    my $v2 = $spec->{cgroupfs}[0] eq 'cgroup2';
    if ($v2) { eval { mount_new('cgroup2', '/sys/fs/cgroup', NOSUID | NODEV | NOEXEC | RDONLY, '') } }
    else {
      mount_new('tmpfs', '/sys/fs/cgroup', NOSUID | NODEV | NOEXEC, 'mode=755,size=64k');
      for my $controllers (@{ $spec->{cgroupfs} }) {
        mkdir "/sys/fs/cgroup/$controllers";
        eval { mount_new('cgroup', "/sys/fs/cgroup/$controllers", NOSUID | NODEV | NOEXEC | RDONLY, $controllers) };
      }
      remount_ro('/sys/fs/cgroup');
    }
  }
  mount_new('tmpfs', '/dev', NOSUID, 'mode=755,size=64k');
  for my $name (sort keys %$device) { make_file("/dev/$name"); attach($device->{$name}, "/dev/$name") }
  mkdir $_ for qw(/dev/pts /dev/shm);
  mount_new('devpts', '/dev/pts', NOSUID | NOEXEC, 'newinstance,ptmxmode=0666,mode=620');
  mount_new('tmpfs', '/dev/shm', NOSUID | NODEV | NOEXEC, "mode=1777,size=$spec->{shm}");
  symlink 'pts/ptmx', '/dev/ptmx';
  symlink '/proc/self/fd', '/dev/fd';
  symlink "/proc/self/fd/$_->[0]", "/dev/$_->[1]" for [ 0, 'stdin' ], [ 1, 'stdout' ], [ 2, 'stderr' ];
  return if $spec->{privileged};
  for my $path (qw(/proc/sys /proc/sysrq-trigger /proc/irq /proc/bus)) {
    next if !-e $path;
    my ($from, $to, $none) = ($path, $path, 'none');
    sys('mount', $from, $to, $none, BIND | REC, 0);
    remount_ro($path);
  }
  for my $path (qw(/proc/kcore /proc/keys /proc/timer_list /proc/latency_stats)) {
    next if !-e $path;
    my ($null, $to, $none) = ('/dev/null', $path, 'none');
    sys('mount', $null, $to, $none, BIND, 0);
  }
}

sub mount_new {
  my ($type, $target, $flags, $options) = @_;
  my $source = $type;
  must("$type on $target", 'mount', $source, $target, $type, $flags, $options);
}

sub remount_ro {
  my ($target) = @_;
  my ($source, $type) = ('none', 'none');
  sys('mount', $source, $target, $type, BIND | REMOUNT | RDONLY | NOSUID | NODEV | NOEXEC, 0);
}

sub protect {
  my ($fd, $path) = @_;
  my $attributes = pack 'QQQQ', 1, 0, 0, 0;
  must('read-only mount', 'mount_setattr', $fd, $path, $path eq '' ? EMPTY_PATH | RECURSIVE : 0, $attributes, 32);
}

sub attach {
  my ($fd, $target) = @_;
  my $empty = '';
  must("mount on $target", 'move_mount', $fd, $empty, CWD, $target, 0x4 | 0x10);
}

sub make_dir {
  my ($path) = @_;
  return if -d $path;
  my $built = '';
  for my $part (grep { length } split m{/}, $path) { $built .= "/$part"; mkdir $built if !-d $built }
  die "cannot make the directory $path: $!\n" if !-d $path;
}

sub make_file {
  my ($path) = @_;
  (my $parent = $path) =~ s{/[^/]*$}{};
  make_dir($parent) if $parent ne '';
  unlink $path if -l $path;
  return if -e $path;
  open(my $out, '>', $path) or die "cannot make the file $path: $!\n";
}

# ---- the command's identity

# Init keeps a little more than the command: it must change user and pass signals on.
sub drop {
  my ($for_init) = @_;
  return if $spec->{privileged};
  my $keep = $spec->{caps} + 0;
  $keep |= 1 << $_ for $for_init ? (CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP) : ();
  if (slurp('/proc/self/status') =~ /^CapPrm:\s*([0-9a-f]{8})([0-9a-f]{8})/m) { $keep &= hex($1) << 32 | hex $2 }
  for my $cap (0 .. 63) { sys('prctl', 24, $cap, 0, 0, 0) if !($keep & 1 << $cap) && sys('prctl', 23, $cap, 0, 0, 0) == 1 }
  my ($low, $high) = ($keep & 0xffffffff, $keep >> 32);
  my ($header, $data) = (pack('Ll', 0x20080522, 0), pack('L6', $low, $low, 0, $high, $high, 0));
  must('capabilities', 'capset', $header, $data);
}

# Looks up "user", "uid", "user:group" or "uid:gid" in the container's own files.
sub identity {
  my ($user, $group) = split /:/, $spec->{user} // '', 2;
  $user = 0 if !defined $user || $user eq '';
  my ($uid, $gid, $home, $name) = $user =~ /^\d+$/ ? ($user + 0, 0, '/', '') : ();
  for (split /\n/, slurp('/etc/passwd')) {
    my @field = split /:/, $_, -1;
    next if @field < 6 || !($user =~ /^\d+$/ ? $field[2] eq $user : $field[0] eq $user);
    ($uid, $gid, $home, $name) = ($field[2] + 0, $field[3] + 0, $field[5], $field[0]);
    last;
  }
  die "no user $user in /etc/passwd of the image\n" if !defined $uid;
  my @groups;
  for (split /\n/, slurp('/etc/group')) {
    my @field = split /:/, $_, -1;
    next if @field < 4;
    $gid = $field[2] + 0 if defined $group && $group eq $field[0];
    push @groups, $field[2] + 0 if $name ne '' && grep { $_ eq $name } split /,/, $field[3];
  }
  if (defined $group && $group =~ /^\d+$/) { $gid = $group + 0 }
  elsif (defined $group && !grep { (split /:/)[0] eq $group } split /\n/, slurp('/etc/group')) {
    die "no group $group in /etc/group of the image\n";
  }
  return ($uid, $gid, $home eq '' ? '/' : $home, @groups);
}

# A process may lower its limits; raising them above the machine's is not tried.
sub limit {
  my ($number, $soft, $hard) = @_;
  my $now = "\0" x 16;
  # Not through sys, which would have the kernel write into a copy.
  syscall($nr->{prlimit}, 0, $number + 0, 0, $now) == 0 or die "cannot read limits: $!\n";
  my (undef, $most) = unpack 'QQ', $now;
  $_ = $_ < 0 || $_ > $most ? $most : $_ for $hard, $soft;
  $soft = $hard if $soft > $hard;
  must('limits', 'prlimit', 0, $number + 0, pack('QQ', $soft, $hard), 0);
}

sub become {
  my ($uid, $gid, $home, @groups) = identity();
  %ENV = ();
  for (@{ $spec->{env} }) { my ($key, $value) = split /=/, $_, 2; $ENV{$key} = $value // '' }
  $ENV{HOME} = $home if !exists $ENV{HOME};
  my $cwd = $spec->{cwd} || '/';
  make_dir($cwd);
  chdir $cwd or die "cannot enter the working directory $cwd: $!\n";
  limit(@$_) for @{ $spec->{ulimit} };
  my $list = pack 'L*', @groups ? @groups : ($gid);
  must('groups', 'setgroups', @groups ? scalar @groups : 1, $list);
  must('group', 'setgid', $gid);
  must('user', 'setuid', $uid);
  drop(0) if $uid == 0;
  must('no new privileges', 'prctl', 38, 1, 0, 0, 0) if !$spec->{privileged};
}

# Replaces this process by the command; on failure says why, with the exit code a shell would give.
sub run {
  my ($status) = @_;
  my @argv = @{ $spec->{arg} };
  my $nothing = "\0" x 8;
  $SIG{$_} = 'DEFAULT' for qw(TERM INT HUP PIPE QUIT USR1 USR2);
  sys('rt_sigprocmask', 2, $nothing, 0, 8);
  { no warnings; exec { $argv[0] } @argv }
  my $code = $!{ENOENT} || $!{ENOTDIR} ? 127 : 126;
  my $why = "cannot run \"$argv[0]\": " . ($code == 127 ? 'no such command in the container' : "$!");
  $status ? syswrite $status, "$code $why" : print STDERR "$why\n";
  exit $code;
}

# ---- one more command in a running container

sub execute {
  unlink $file;
  my $mine = eval {
    open(my $pids, '<', "/proc/$spec->{pid}/ns/pid") or die "the container is gone\n";
    must('join namespaces', 'setns', fileno $pids, 0);
    1;
  };
  if (!$mine) { print STDERR $@; exit 126 }
  on_terminal() if $spec->{tty};
  my $pid = fork // die "fork: $!\n";
  if (!$pid) {
    eval { must('death signal', 'prctl', 1, 9, 0, 0, 0); enter(); drop(1); become(); run() };
    print STDERR $@;
    exit 126;
  }
  waitpid $pid, 0;
  exit(($? & 127) ? 128 + ($? & 127) : $? >> 8);
}

# Only the command is inside: nothing of ours counts against the container's limits or outlives its groups.
sub enter {
  for my $dir (@{ $spec->{cgroup} }) { if (open(my $procs, '>', "$dir/cgroup.procs")) { syswrite $procs, "0\n" } }
  my @spaces = map { open(my $in, '<', "/proc/$spec->{pid}/ns/$_") or die "the container is gone\n"; $in } qw(net uts ipc cgroup mnt);
  must('join namespaces', 'setns', fileno $_, 0) for @spaces;
}

# The same on a terminal of the container's own. STDIN is framed: "d" or "w", a length, then what is typed or the size.
sub on_terminal {
  my ($columns, $rows) = split / /, $spec->{tty};
  my ($unlocked, $number) = (pack('i', 0), pack('i', 0));
  my $no = sub { print STDERR "no terminal in the container: $!\n"; exit 126 };
  my $terminals = "/proc/$spec->{pid}/root/dev/pts";
  sysopen(my $master, "$terminals/ptmx", 2 | 0x100) or $no->();
  ioctl($master, 0x40045431, $unlocked) && ioctl($master, 0x80045430, $number) or $no->();
  $number = unpack 'i', $number;
  resize($master, $columns, $rows);
  # Held, so that the terminal does not look hung up before the command has opened it.
  sysopen(my $held, "$terminals/$number", 2 | 0x100) or $no->();
  my $pid = fork // $no->();
  if (!$pid) {
    close $master;
    eval {
      must('death signal', 'prctl', 1, 9, 0, 0, 0);
      enter();
      sys('setsid');
      my $path = "/dev/pts/$number";
      sysopen(my $slave, $path, 2) or die "cannot open $path: $!\n";
      ioctl($slave, 0x540E, 0);
      chown((identity())[0], -1, $path);
      open STDIN, '<&', $slave;
      open STDOUT, '>&', $slave;
      open STDERR, '>&', $slave;
      close $_ for $slave, $held;
      drop(1);
      become();
      run();
    };
    print STDERR $@;
    exit 126;
  }
  close $held;
  $SIG{PIPE} = 'IGNORE';
  carry($master, $pid);
  hang_up($pid, $master);
}

sub resize { my ($master, $columns, $rows) = @_; my $size = pack 'S4', $rows, $columns, 0, 0; ioctl($master, 0x5414, $size) }

# Between the terminal and our pipes until the command has ended or Freeway has closed its end. Neither way may wait
# for the other: a key must get through while output is stuck.
sub carry {
  my ($master, $pid) = @_;
  my ($in, $typed, $shown, $open) = ('', '', '', 1);
  fcntl($_, 4, 2048) for $master, \*STDOUT;
  my ($m, $i, $o) = (fileno $master, fileno STDIN, fileno STDOUT);
  while (1) {
    my $ended = $open && waitpid($pid, 1) != 0;
    ($open, $spec->{status}) = (0, $?) if $ended;
    my ($read, $write) = ('', '');
    vec($read, $i, 1) = 1 if length $typed < 65536;
    vec($read, $m, 1) = 1 if $shown eq '';
    vec($write, $m, 1) = 1 if $typed ne '';
    vec($write, $o, 1) = 1 if $shown ne '';
    my $n = select($read, $write, undef, $open ? 0.1 : 0.01);
    next if $n < 0;
    # What it wrote last has been read, and delivered.
    return if !$n && !$open && $shown eq '';
    if (vec($read, $i, 1)) {
      sysread(STDIN, $in, 65536, length $in) or return;
      while (length $in >= 5) {
        my ($kind, $length) = unpack 'aN', $in;
        last if length $in < 5 + $length;
        my $what = substr $in, 5, $length;
        substr($in, 0, 5 + $length) = '';
        $kind eq 'w' ? resize($master, unpack 'n2', $what) : ($typed .= $what);
      }
    }
    if (vec($read, $m, 1) && !sysread($master, $shown, 65536) && !$!{EAGAIN}) {
      # Nobody has it open any more. A command that has only let go of it is waited for.
      return if !$open;
      select undef, undef, undef, 0.05;
    }
    if (vec($write, $m, 1)) { my $done = syswrite $master, $typed; substr($typed, 0, $done) = '' if $done }
    if (vec($write, $o, 1)) {
      my $done = syswrite STDOUT, $shown;
      return if !$done && !$!{EAGAIN};
      substr($shown, 0, $done) = '' if $done;
    }
  }
}

# Ends the command and what it left on its terminal.
sub hang_up {
  my ($pid, $master) = @_;
  close $master;
  my $left = sub {
    opendir(my $all, '/proc') or return;
    return grep { /^\d+$/ && slurp("/proc/$_/stat") =~ /^\d+ \(.*\) \S -?\d+ -?\d+ (\d+)/s && $1 == $pid } readdir $all;
  };
  kill 'HUP', $left->();
  for (1 .. 10) {
    $spec->{status} = $? if !defined $spec->{status} && waitpid($pid, 1) == $pid;
    last if !$left->();
    select undef, undef, undef, 0.05;
  }
  kill 'KILL', $left->();
  if (!defined $spec->{status}) { waitpid $pid, 0; $spec->{status} = $? }
  my $status = $spec->{status};
  exit(($status & 127) ? 128 + ($status & 127) : $status >> 8);
}
