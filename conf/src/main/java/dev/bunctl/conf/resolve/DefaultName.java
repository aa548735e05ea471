package dev.bunctl.conf.resolve;

import dev.bunctl.conf.Program;
import java.util.List;

/** The name of an app that was given none: that of the script it runs, without folder and extension. */
final class DefaultName {
    private DefaultName() {}

    static String of(Program program) {
        List<String> arguments = program.arguments();
        for (String word : arguments) {
            if (Interpreter.isScriptName(word)) {
                return stem(word);
            }
        }
        return stem(arguments.get(0));
    }

    private static String stem(String path) {
        String name = Interpreter.fileName(path);
        int point = name.lastIndexOf('.');
        return point <= 0 ? name : name.substring(0, point);
    }
}
