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
my $socket = IO::Socket::UNIX->new(Peer => $path)
  or do { print STDERR "docker: cannot reach Freeway at $path: $!\n"; exit 125 };
my $stdin = '';
if (grep { $_ eq '--password-stdin' || $_ eq '-' } @ARGV) { local $/; $stdin = <STDIN> // '' }
my @words = (Cwd::getcwd() // '/', $stdin, @ARGV);
print $socket pack('N', scalar @words), map { pack('N', length $_) . $_ } @words;
$socket->flush;

sub take {
  my ($length) = @_;
  my $bytes = '';
  while (length $bytes < $length) {
    my $n = sysread $socket, $bytes, $length - length $bytes, length $bytes;
    if (!$n) { print STDERR "docker: the connection to Freeway broke\n"; exit 125 }
  }
  return $bytes;
}

$| = 1;
while (1) {
  my ($kind, $length) = unpack 'aN', take(5);
  my $bytes = $length ? take($length) : '';
  if ($kind eq 'o') { print $bytes }
  elsif ($kind eq 'e') { print STDERR $bytes }
  elsif ($kind eq 'x') { exit $bytes }
  elsif ($kind eq 't') {
    open(my $tar, '-|', 'tar', '-C', $bytes, '-cf', '-', '.') or do { print STDERR "docker: tar: $!\n"; exit 125 };
    while (sysread $tar, my $chunk, 65536) { print $socket $chunk }
    close $tar;
    $socket->flush;
    shutdown $socket, 1;
  }
}
