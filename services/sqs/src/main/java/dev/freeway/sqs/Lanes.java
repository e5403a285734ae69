package dev.freeway.sqs;

/// Which [Lane] a queue has.
final class Lanes {
  private final StandardLane standard;
  private final FifoLane fifo;

  Lanes(Queues queues, Waiting waiting) {
    DeadLetters deadLetters = new DeadLetters(queues, this, waiting);
    standard = new StandardLane(deadLetters);
    fifo = new FifoLane(deadLetters);
  }

  Lane of(Queue queue) {
    return queue.fifo() ? fifo : standard;
  }
}
