package dev.aviary.emulator.resource;

/**
 * One mistake of the user.
 *
 * @param file the file as it was named on the command line
 * @param line counted from 1; 0 if the mistake is not at one line
 * @param field the path of the field, such as {@code spec.blockSize}; empty if there is none
 */
public record Problem(String file, int line, String field, String text) {

  /** {@code FILE:LINE: FIELD: TEXT} in one line. */
  @Override
  public String toString() {
    var out = new StringBuilder(file);
    if (line > 0) {
      out.append(':').append(line);
    }
    out.append(": ");
    if (!field.isEmpty()) {
      out.append(field).append(": ");
    }
    return out.append(text.replace('\n', ' ')).toString();
  }
}
