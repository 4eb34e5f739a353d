package starling.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import starling.frame.Keyring;

class KeyFileTest {
  private static final String KEY =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("some.key");
  }

  @Test
  void anIdentityIsReadAsItWasWritten() throws IOException {
    KeyFile.Identity identity = KeyFile.generate();
    KeyFile.write(file, identity);
    KeyFile.Identity read = KeyFile.readIdentity(file);
    assertArrayEquals(identity.publicKey(), read.publicKey());
    assertEquals(identity.privateKey(), read.privateKey());
  }

  @Test
  void siteKeysAreReadAsTheyWereWritten() throws IOException {
    KeyFile.writeSite(file, Map.of(3, new byte[Keyring.KEY_BYTES], 0, new byte[Keyring.KEY_BYTES]));
    Keyring keyring = KeyFile.readSite(file);
    assertEquals(3, keyring.newestEpoch());
    assertTrue(keyring.holds(0));
    assertFalse(keyring.holds(1));
  }

  @Test
  void keysAreForTheirOwnerAlone() throws IOException {
    KeyFile.write(file, KeyFile.generate());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void anExistingFileIsNeverOverwritten() throws IOException {
    Files.writeString(file, "precious");
    KeyFile.Identity identity = KeyFile.generate();
    assertThrows(FileAlreadyExistsException.class, () -> KeyFile.write(file, identity));
    assertEquals("precious", Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rw-rw-rw-"})
  void aKeyThatOthersMayReadOrRunIsRefused(String mode) throws IOException {
    KeyFile.write(file, KeyFile.generate());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    String refusal = refused(() -> KeyFile.readIdentity(file));
    assertTrue(refusal.contains("chmod 600 " + file), refusal);
  }

  @Test
  void aReadOnlyKeyIsFine() throws IOException {
    KeyFile.write(file, KeyFile.generate());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    KeyFile.readIdentity(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "starling identity 1",
        "starling identity 2\npublic " + KEY + "\nprivate 00",
        "starling site key 1\nepoch-0 " + KEY,
        "starling identity 1\npublic " + KEY,
        "starling identity 1\npublic " + KEY + "\nprivate 00",
        "starling identity 1\npublic 00\nprivate 00",
        "starling identity 1\npublic " + KEY + "\npublic " + KEY,
        "starling identity 1\npublic " + KEY + " " + KEY,
        "starling identity 1\npublic xyz",
        "starling identity 1\npublic",
        "starling identity 1\n\377\376\0"
      })
  void whatIsNoIdentityIsRefusedByName(String text) throws IOException {
    write(text);
    String refusal = refused(() -> KeyFile.readIdentity(file));
    assertTrue(refusal.startsWith(file.toString()), refusal);
    assertFalse(refusal.contains(KEY), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "starling site key 1",
        "starling site key 1\nepoch-16 " + KEY,
        "starling site key 1\nepoch--1 " + KEY,
        "starling site key 1\nepoch-x " + KEY,
        "starling site key 1\n0 " + KEY,
        "starling site key 1\nepoch-0 " + KEY + "00",
        "starling site key 1\nepoch-0 0"
      })
  void whatIsNoSiteKeyIsRefusedByName(String text) throws IOException {
    write(text);
    String refusal = refused(() -> KeyFile.readSite(file));
    assertTrue(refusal.startsWith(file.toString()), refusal);
    assertFalse(refusal.contains(KEY), refusal);
  }

  @Test
  void aFileOfAnySizeIsRefusedUnread() throws IOException {
    write("starling site key 1\n" + ("epoch-0 " + KEY + "\n").repeat(1000));
    String refusal = refused(() -> KeyFile.readSite(file));
    assertTrue(refusal.contains("more than 8192 bytes"), refusal);
  }

  @Test
  void aPrivateKeyIsNotShown() {
    KeyFile.Identity identity = KeyFile.generate();
    String secret = HexFormat.of().formatHex(identity.privateKey().getEncoded());
    assertFalse(identity.toString().contains(secret.substring(32)));
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, SmallFile.OWNER_ONLY);
  }

  private static String refused(org.junit.jupiter.api.function.Executable read) {
    return assertThrows(IOException.class, read).getMessage();
  }
}
