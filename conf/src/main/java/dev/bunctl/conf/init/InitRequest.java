package dev.bunctl.conf.init;

import dev.bunctl.conf.field.Declared;
import dev.bunctl.conf.field.Field;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a new configuration is to be.
 *
 * @param folder absolute, of the project
 * @param fields what was given: {@code --name} as {@link Field#NAME}, {@code --entry} and {@code --script} as {@link
 *     Field#SCRIPT}, {@code --port} as {@link Field#PORT}, {@code --memory} as {@link Field#MAX_MEMORY}, {@code --cpu} as
 *     {@link Field#MAX_CPU_PERCENT}, {@code --runtime} as {@link Field#INTERPRETER}, {@code --autostart}, {@code
 *     --instances}, {@code --cwd}, {@code --env-file}
 * @param format in which form
 */
public record InitRequest(Path folder, Map<Field, Declared> fields, InitFormat format) {
    public InitRequest {
        var copy = new EnumMap<Field, Declared>(Field.class);
        copy.putAll(fields);
        fields = copy;
    }
}
