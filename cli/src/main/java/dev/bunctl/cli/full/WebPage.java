package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** {@code web}: opens the page, and a browser that shows it. */
final class WebPage {
    private WebPage() {}

    static Rendered run(Request.Web web, Reach daemon, Presentation how) throws IOException, FailureException {
        Answer answer;
        try (DaemonCall call =
                new DaemonCall(web.command().on() ? daemon.connect() : HostCommand.running(daemon), daemon.log())) {
            answer = call.ask(web.command());
        }
        if (web.show() && answer instanceof Answer.Web opened && opened.url().isPresent()) {
            show(opened.url().get());
        }
        return Render.answer(answer, how);
    }

    /** Leaves the page to whatever this desktop shows pages with. */
    private static void show(String url) throws FailureException {
        String opener = System.getProperty("os.name").startsWith("Mac") ? "open" : "xdg-open";
        try {
            Process _ = new ProcessBuilder(List.of(opener, url))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            throw new FailureException(
                    ErrorCode.NOT_FOUND,
                    "no browser could be opened: " + opener + " is not there",
                    "the page is open; 'bunctl web' says where");
        }
    }
}
