/** A vote counts once. Fails by its exit code, as a test runner does. */
public class TallyTest {
  public static void main(String[] args) {
    long before = Cats.votes.get();
    Cats.vote();
    check("one vote for cats counts once", Cats.votes.get() == before + 1);
    Dogs.vote();
    Dogs.vote();
    check("two votes for dogs count twice", Dogs.votes.get() == 2);
    check("the answer names the animal", Dogs.json("1").contains("\"animal\":\"dogs\""));
    System.out.println("3 tests passed");
  }

  static void check(String what, boolean holds) {
    if (!holds) {
      System.err.println("FAILED: " + what);
      System.exit(1);
    }
    System.out.println("ok: " + what);
  }
}
