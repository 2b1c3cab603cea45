import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Scanner;

/** One case a line: time, secret, id, timestamp and body in base64, signature in base64. Answers true or false for each. */
public final class Driver {
  public static void main(String[] arguments) throws Exception {
    Scanner cases = new Scanner(System.in, UTF_8);
    while (cases.hasNextLine()) {
      String[] parts = cases.nextLine().split("\t", -1);
      String signature = new String(Base64.getDecoder().decode(parts[5]), UTF_8);
      Map<String, String> headers =
          Map.of("webhook-id", parts[2], "webhook-timestamp", parts[3], "webhook-signature", signature);
      byte[] body = Base64.getDecoder().decode(parts[4]);
      System.out.println(
          Verify.isFromQuixess(body, headers, parts[1], Instant.ofEpochSecond(Long.parseLong(parts[0]))));
    }
  }
}
