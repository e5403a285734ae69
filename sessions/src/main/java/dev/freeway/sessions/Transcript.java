package dev.freeway.sessions;

/// What was shown in a session, kept for whoever audits it.
public interface Transcript {
  Transcript NONE =
      new Transcript() {
        @Override
        public void shown(byte[] bytes, int length) {}

        @Override
        public void ended(int code) {}
      };

  void shown(byte[] bytes, int length);

  /// The session is over; its command ended with this code.
  void ended(int code);
}
