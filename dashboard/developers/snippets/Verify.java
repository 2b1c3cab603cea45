import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
  /** rawBody: the bytes as they came, before they are parsed. headers: names in small letters. */
  public static boolean isFromQuixess(byte[] rawBody, Map<String, String> headers, String secret, Instant now)
      throws GeneralSecurityException {
    String id = headers.getOrDefault("webhook-id", "");
    String timestamp = headers.getOrDefault("webhook-timestamp", "");
    if (!timestamp.matches("\\d{1,12}")) return false;
    if (Math.abs(now.getEpochSecond() - Long.parseLong(timestamp)) > 300) return false; // an old request, played again

    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
    String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(rawBody));

    // Two signatures while a secret rotates: one that fits is enough.
    for (String signature : headers.getOrDefault("webhook-signature", "").split(" ")) {
      if (MessageDigest.isEqual(signature.getBytes(UTF_8), expected.getBytes(UTF_8))) return true;
    }
    return false;
  }
}
