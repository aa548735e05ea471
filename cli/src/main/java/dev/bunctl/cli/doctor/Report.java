package dev.bunctl.cli.doctor;

import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The findings as what the command prints. */
public final class Report {
    private static final int VERDICT_COLUMNS = 8;
    private static final int NAME_COLUMNS = 18;

    private Report() {}

    /** Ends with {@link ErrorCode#BROKEN} when anything is broken; warnings end with 0. */
    public static Rendered of(List<Finding> findings, boolean json) {
        boolean healthy = findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
        int exit = healthy ? 0 : ErrorCode.BROKEN.exitCode();
        return new Rendered(json ? json(findings, healthy) : text(findings), "", exit);
    }

    private static String text(List<Finding> findings) {
        StringBuilder out = new StringBuilder(2048);
        for (Finding finding : findings) {
            pad(out, finding.verdict().word(), VERDICT_COLUMNS);
            pad(out, finding.name(), NAME_COLUMNS);
            out.append(clean(finding.detail())).append('\n');
            if (!finding.remedy().isEmpty()) {
                out.repeat(' ', VERDICT_COLUMNS + NAME_COLUMNS).append("-> ");
                out.append(clean(finding.remedy())).append('\n');
            }
        }
        return out.toString();
    }

    private static void pad(StringBuilder out, String text, int columns) {
        out.append(text).repeat(' ', Math.max(1, columns - text.length()));
    }

    /** Paths may hold anything: nothing of them may steer a terminal. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", "\ufffd");
    }

    private static String json(List<Finding> findings, boolean healthy) {
        List<@Nullable Object> checks = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, @Nullable Object> check = new LinkedHashMap<>();
            check.put("name", finding.name());
            check.put("verdict", finding.verdict().word());
            check.put("detail", finding.detail());
            check.put("remedy", finding.remedy().isEmpty() ? null : finding.remedy());
            checks.add(check);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("version", (long) Protocol.VERSION);
        body.put("healthy", healthy);
        body.put("checks", checks);
        return Json.write(body) + "\n";
    }
}
