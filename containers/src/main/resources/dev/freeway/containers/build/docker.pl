#!/usr/bin/perl
# The "docker" command of a Freeway build: hands its arguments to Freeway and shows what comes back.
#
# Sent: the directory, stdin (or nothing) and the arguments, each as a 4-byte length and bytes, after their number.
# Received: frames of a letter, a 4-byte length and bytes: o stdout, e stderr, x exit code, t "send a tar of this directory".
use strict;
use warnings;
use IO::Socket::UNIX;
use Cwd ();

my $path = $ENV{FREEWAY_DOCKER_SOCKET} || '/run/freeway/docker.sock';
my $patience = $ENV{FREEWAY_DOCKER_PATIENCE} || 120;
my $stdin = '';
if (grep { $_ eq '--password-stdin' || $_ eq '-' } @ARGV) { local $/; $stdin = <STDIN> // '' }
my @words = (Cwd::getcwd() // '/', $stdin, @ARGV);
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
  }
}

sub send_tar {
  my ($directory) = @_;
  open(my $tar, '-|', 'tar', '-C', $directory, '-cf', '-', '.') or do { print STDERR "docker: tar: $!\n"; exit 125 };
  while (sysread $tar, my $chunk, 65536) { print $socket $chunk }
  close $tar;
  $socket->flush;
  shutdown $socket, 1;
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
