#!/usr/bin/perl
# The "docker" command of a Freeway build: hands its arguments to Freeway and shows what comes back.
#
# Sent: the directory, stdin (or nothing), what was to be remembered, the environment and the arguments, each as a 4-byte
# length and bytes, after their number.
# Received: frames of a letter, a 4-byte length and bytes: o stdout, e stderr, x exit code, t "send a tar of this directory",
# f "send this file" ("-": stdin; answered by a 4-byte length and bytes, or 0xFFFFFFFF), r "remember this for the next connection".
use strict;
use warnings;
use IO::Socket::UNIX;
use Cwd ();
use MIME::Base64 ();

my $path = $ENV{FREEWAY_DOCKER_SOCKET} || '/run/freeway/docker.sock';
my $patience = $ENV{FREEWAY_DOCKER_PATIENCE} || 120;
my $stdin = '';
if (($ARGV[0] // '') !~ /^(run|exec|container)$/ && grep { $_ eq '--password-stdin' || $_ eq '-' } @ARGV) { local $/; $stdin = <STDIN> // '' }
my $remembered = '';
my $environment = join "\0", map { "$_=$ENV{$_}" } sort keys %ENV;
my @arguments = (@ARGV, ($ARGV[0] // '') =~ /^(build|buildx|builder|image)$/ ? secrets() : ());
my $socket;
$| = 1;
local $SIG{PIPE} = 'IGNORE';

# Freeway may be restarted under a build: every command it offers can be run again from its start.
my $deadline = time + $patience;
while (1) {
  $socket = IO::Socket::UNIX->new(Peer => $path);
  my $code = $socket ? converse() : undef;
  exit $code if defined $code;
  if (time > $deadline) { print STDERR "docker: cannot reach Freeway at $path: $!\n"; exit 125 }
  if ($socket) {
    print STDERR "docker: the connection to Freeway broke; running the command again\n";
    $deadline = time + $patience;
  }
  select undef, undef, undef, 0.2;
}

# The exit code; undefined when the connection broke.
sub converse {
  my @words = (Cwd::getcwd() // '/', $stdin, $remembered, $environment, @arguments);
  print $socket pack('N', scalar @words), map { pack('N', length $_) . $_ } @words;
  $socket->flush;
  while (1) {
    my $head = take(5);
    return undef unless defined $head;
    my ($kind, $length) = unpack 'aN', $head;
    my $bytes = $length ? take($length) : '';
    return undef unless defined $bytes;
    if ($kind eq 'o') { print $bytes }
    elsif ($kind eq 'e') { print STDERR $bytes }
    elsif ($kind eq 'x') { return $bytes }
    elsif ($kind eq 't') { send_tar($bytes) }
    elsif ($kind eq 'f') { send_file($bytes) }
    elsif ($kind eq 'r') { $remembered = $bytes }
  }
}

# "--secret id=ID,src=FILE" and "--secret id=ID,env=NAME": read here, for Freeway cannot see them.
sub secrets {
  my (@found, $next);
  for my $word (@ARGV) {
    my $spec = $next ? $word : $word =~ /^--secret=(.*)/ ? $1 : undef;
    $next = $word eq '--secret';
    next unless defined $spec;
    my %o = map { /^(\w+)=(.*)$/ ? ($1, $2) : () } split /,/, $spec;
    my $id = $o{id} // fail("--secret needs an id: id=ID,src=FILE");
    my $file = $o{src} // $o{source};
    my $content;
    if (defined $file) {
      open(my $in, '<:raw', $file) or fail("--secret $id: cannot read $file: $!");
      local $/;
      $content = <$in> // '';
    } else {
      my $name = $o{env} // $id;
      $content = $ENV{$name} // fail("--secret $id: there is no variable $name");
    }
    push @found, '--secret-content', $id . ':' . MIME::Base64::encode_base64($content, '');
  }
  return @found;
}

sub fail {
  print STDERR "docker: $_[0]\n";
  exit 125;
}

sub send_tar {
  my ($directory) = @_;
  open(my $tar, '-|', 'tar', '-C', $directory, '-cf', '-', '.') or do { print STDERR "docker: tar: $!\n"; exit 125 };
  while (sysread $tar, my $chunk, 65536) { print $socket $chunk }
  close $tar;
  $socket->flush;
  shutdown $socket, 1;
}

sub send_file {
  my ($file) = @_;
  my $bytes;
  local $/;
  if ($file eq '-') { $bytes = <STDIN> // '' }
  elsif (open(my $in, '<:raw', $file)) { $bytes = <$in> // '' }
  print $socket defined $bytes ? pack('N', length $bytes) . $bytes : pack('N', 0xFFFFFFFF);
  $socket->flush;
}

sub take {
  my ($length) = @_;
  my $bytes = '';
  while (length $bytes < $length) {
    my $n = sysread $socket, $bytes, $length - length $bytes, length $bytes;
    return undef if !$n;
  }
  return $bytes;
}
