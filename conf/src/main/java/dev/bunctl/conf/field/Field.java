package dev.bunctl.conf.field;

import static dev.bunctl.conf.field.Change.IDENTITY;
import static dev.bunctl.conf.field.Change.LIVE;
import static dev.bunctl.conf.field.Change.NONE;
import static dev.bunctl.conf.field.Change.RESTART;
import static dev.bunctl.conf.field.Change.SCALE;
import static dev.bunctl.conf.field.Kind.choice;
import static dev.bunctl.conf.field.Kind.flag;
import static dev.bunctl.conf.field.Kind.period;
import static dev.bunctl.conf.field.Kind.size;
import static dev.bunctl.conf.field.Kind.text;
import static dev.bunctl.conf.field.Kind.texts;
import static dev.bunctl.conf.field.Kind.whole;
import static dev.bunctl.conf.field.Kind.words;

import dev.bunctl.conf.Limits;
import java.util.List;

/**
 * Every field of an app: its name, other names it goes by (PM2's among them), what may be written, what holds when
 * nothing is, and what it takes to change it. A name with a point is a member of an object: {@code backoff.max} is
 * {@code "backoff": {"max": …}}.
 */
public enum Field {
    NAME("name", new Kind.Name(), "the script's file name", IDENTITY, "What the app is called."),
    NAMESPACE("namespace", text(), "default", LIVE, "Groups apps for commands."),
    SCRIPT(
            "script",
            text(),
            "",
            RESTART,
            "The file to run; its extension or shebang chooses the interpreter.",
            "exec script_path"),
    COMMAND(
            "command",
            words(),
            "",
            RESTART,
            "The program and its arguments, split into words at spaces outside quotes; no shell reads it.",
            "cmd"),
    ARGS("args", words(), "", RESTART, "Arguments after the script.", "arguments"),
    INTERPRETER(
            "interpreter",
            text(),
            "by extension and shebang",
            RESTART,
            "The program that runs the script; \"none\" executes the script itself.",
            "exec_interpreter runtime"),
    INTERPRETER_ARGS(
            "interpreter_args",
            words(),
            "",
            RESTART,
            "Arguments of the interpreter, before the script.",
            "node_args interpreterArgs"),
    CWD("cwd", text(), "the folder of the configuration", RESTART, "The working directory.", "working_dir"),
    ENV("env", new Kind.Variables(), "", RESTART, "Environment variables.", "environment"),
    ENV_FILE("env_file", texts(), "", RESTART, "Files of NAME=value lines, read before env.", "env_files"),
    FILTER_ENV(
            "filter_env",
            new Kind.Filter(),
            "",
            RESTART,
            "Inherited variables that are kept from the app: names or the beginnings of names, or true for all."),
    INSTANCES(
            "instances",
            new Kind.InstanceCount(),
            "1",
            SCALE,
            "How many processes: a number, \"max\" or 0 for one a processor, -1 for one less."),
    INSTANCE_VAR(
            "instance_var", text(), "NODE_APP_INSTANCE", RESTART, "The variable that holds the instance's number."),
    INCREMENT_VAR(
            "increment_var", text(), "", RESTART, "A variable that is raised by the instance's number, such as PORT."),
    EXEC_MODE(
            "exec_mode",
            choice("cluster", "fork", "cluster_mode", "fork_mode"),
            "cluster",
            RESTART,
            "cluster shares listening ports between instances of a Bun or Node program; fork does not."),
    APPEND_ENV_TO_NAME(
            "append_env_to_name", flag(), "false", NONE, "With --env NAME, makes the app's name <name>-NAME."),
    PORT("port", whole(0, 65535), "", RESTART, "Sets PORT in the environment, unless env does."),
    AUTO_START("auto_start", flag(), "true", LIVE, "Whether it starts with the daemon.", "autostart"),
    RESTART_POLICY(
            "restart_policy",
            choice("always", "unless-stopped", "on-failure", "no"),
            "always",
            LIVE,
            "After which ends it is started again; a stopped app stays stopped under each.",
            "restart"),
    AUTORESTART("autorestart", flag(), "true", LIVE, "false is restart_policy \"no\"."),
    MAX_RESTARTS(
            "max_restarts",
            whole(-1, 1_000_000),
            "16",
            LIVE,
            "Restarts within restart_window before it is given up; -1 never gives up.",
            "backoff.max_attempts"),
    RESTART_WINDOW("restart_window", period(), "10m", LIVE, "How far back restarts are counted."),
    MIN_UPTIME("min_uptime", period(), "1s", LIVE, "How long a run must last to count as stable.", "backoff.reset"),
    RESTART_DELAY("restart_delay", period(), "0", LIVE, "A fixed wait before each restart; 0 leaves it to backoff."),
    BACKOFF_INITIAL(
            "backoff.initial",
            period(),
            "100ms",
            LIVE,
            "The first wait before a restart.",
            "backoff.initial_delay exp_backoff_restart_delay"),
    BACKOFF_MULTIPLIER("backoff.multiplier", new Kind.Real(1, 100), "2", LIVE, "By which each wait grows."),
    BACKOFF_MAX("backoff.max", period(), "30s", LIVE, "The longest wait.", "backoff.max_delay"),
    BACKOFF_JITTER("backoff.jitter", new Kind.Real(0, 1), "0.3", LIVE, "The share of a wait that is random."),
    SUCCESS_EXIT_CODES("success_exit_codes", new Kind.ExitCodes(), "0", LIVE, "Exit codes that are no failure."),
    SUCCESS_SIGNALS("success_signals", new Kind.SignalNames(), "", LIVE, "Signals death by which is no failure."),
    STOP_EXIT_CODES("stop_exit_codes", new Kind.ExitCodes(), "", LIVE, "After these it stays stopped.", "stop_exit"),
    STOP_SIGNALS("stop_signals", new Kind.SignalNames(), "", LIVE, "After death by these it stays stopped."),
    EXHAUSTED_ACTION(
            "exhausted_action", choice("stop", "remove"), "stop", LIVE, "What becomes of an app that was given up."),
    STOP_SIGNAL("stop_signal", new Kind.SignalName(), "SIGINT", LIVE, "How it is told to end.", "kill_signal"),
    KILL_TIMEOUT("kill_timeout", period(), "5s", LIVE, "How long it may take to end, at most 1h.", "stop_timeout"),
    SHUTDOWN_WITH_MESSAGE(
            "shutdown_with_message", flag(), "false", LIVE, "Sends the message \"shutdown\", not the signal."),
    KILL_MODE(
            "kill_mode",
            choice("tree", "process"),
            "tree",
            LIVE,
            "Who gets the stop signal; what is left is killed in both."),
    TREEKILL("treekill", flag(), "true", LIVE, "false is kill_mode \"process\"."),
    WAIT_READY("wait_ready", flag(), "false", RESTART, "Whether it says process.send('ready') when it is up."),
    READY(
            "ready",
            choice("alive", "message", "notify"),
            "alive",
            RESTART,
            "What shows that it is up: being alive, process.send('ready'), or READY=1 as in sd_notify(3)."),
    READY_AFTER("ready.alive", period(), "300ms", RESTART, "How long it must be alive to be up."),
    READY_PORT("ready.port", whole(1, 65535), "", RESTART, "A port that accepts connections when it is up."),
    READY_HOST("ready.host", text(), "127.0.0.1", RESTART, "The host of ready.port."),
    READY_HTTP("ready.http", text(), "", RESTART, "A URL that answers with 200 to 399 when it is up."),
    READY_LOG("ready.log", text(), "", RESTART, "A regular expression that a line of its output matches."),
    LISTEN_TIMEOUT(
            "listen_timeout", period(), "30s", LIVE, "How long it may take to be up.", "ready.timeout ready_timeout"),
    ONLINE_ANYWAY(
            "online_anyway",
            flag(),
            "false",
            LIVE,
            "Counts an app that is not up in time as up, as PM2 does.",
            "ready.online_anyway"),
    HEALTH_HTTP(
            "health_check.http",
            text(),
            "",
            LIVE,
            "A URL that answers while all is well.",
            "health_check.url health_check"),
    HEALTH_STATUS("health_check.status", whole(100, 599), "200 to 399", LIVE, "The status it answers with."),
    HEALTH_BODY("health_check.body", text(), "", LIVE, "A regular expression that the answer contains."),
    HEALTH_HEADERS("health_check.headers", new Kind.Strings(), "", LIVE, "Headers of the request."),
    HEALTH_TCP(
            "health_check.tcp",
            new Kind.Identity(),
            "",
            LIVE,
            "A port, or host:port, that accepts connections while the app is well.",
            "health_check.port"),
    HEALTH_EXEC(
            "health_check.exec",
            words(),
            "",
            LIVE,
            "A program that ends with 0 while the app is well.",
            "health_check.command"),
    HEALTH_INTERVAL("health_check.interval", period(), "10s", LIVE, "Between two checks."),
    HEALTH_TIMEOUT("health_check.timeout", period(), "5s", LIVE, "How long one check may take."),
    HEALTH_RETRIES("health_check.retries", whole(1, 1000), "3", LIVE, "Failures in a row after which it is restarted."),
    HEALTH_START_PERIOD(
            "health_check.start_period",
            period(),
            "0",
            LIVE,
            "How long after its start failures do not count.",
            "health_check.initial_delay health_check.grace_period"),
    MAX_MEMORY("max_memory", size(), "", LIVE, "Memory at which it is killed.", "memory_limit"),
    MAX_MEMORY_RESTART("max_memory_restart", size(), "", LIVE, "Memory at which it is restarted gracefully."),
    MAX_CPU_PERCENT("max_cpu_percent", new Kind.Percent(), "", LIVE, "Processor time; 100 is one core.", "max_cpu"),
    CPU_WEIGHT("cpu_weight", whole(1, Limits.MAX_CPU_WEIGHT), "100", LIVE, "Its share when processors are short."),
    MAX_PIDS("max_pids", whole(1, Limits.MAX_PROCESSES), "", LIVE, "Most processes and threads.", "max_processes"),
    LIMITS(
            "limits",
            choice("best-effort", "strict"),
            "best-effort",
            LIVE,
            "strict refuses limits that cannot be enforced."),
    RLIMITS(
            "rlimits",
            new Kind.Resources(),
            "the starter's",
            RESTART,
            "POSIX limits such as {\"nofile\": 65536}, {\"core\": \"unlimited\"}, {\"nofile\": \"1024:4096\"}.",
            "ulimits"),
    NICE("nice", whole(-20, 19), "0", RESTART, "Niceness."),
    OOM_SCORE_ADJ("oom_score_adj", whole(-1000, 1000), "0", RESTART, "How soon the kernel kills it."),
    USER("uid", new Kind.Identity(), "the daemon's user", RESTART, "The user it runs as, by name or id.", "user"),
    GROUP("gid", new Kind.Identity(), "the user's own", RESTART, "The group it runs as.", "group"),
    NO_NEW_PRIVS("no_new_privs", flag(), "true", RESTART, "Whether an app with a uid may never gain privileges."),
    CAPABILITIES("capabilities", texts(), "", RESTART, "Privileges that an app with a uid keeps."),
    UMASK("umask", new Kind.Mask(), "the starter's", RESTART, "The file mode creation mask, octal."),
    STDOUT_LOG(
            "stdout_log",
            text(),
            "<home>/logs/<name>-out.log",
            RESTART,
            "Where stdout goes; \"none\" or /dev/null for nowhere.",
            "out_file output out logs.stdout"),
    STDERR_LOG(
            "stderr_log",
            text(),
            "<home>/logs/<name>-error.log",
            RESTART,
            "Where stderr goes; \"none\" or /dev/null for nowhere.",
            "error_file error err_file err logs.stderr"),
    COMBINED_LOG("combined_log", text(), "", RESTART, "A file for both.", "log_file log logs.combined"),
    MERGE_LOGS("merge_logs", flag(), "false", RESTART, "Instances share the files.", "combine_logs logs.merge"),
    LOG_TYPE("log_type", choice("raw", "json"), "raw", RESTART, "json writes objects.", "logs.type"),
    LOG_DATE_FORMAT(
            "log_date_format",
            text(),
            "",
            RESTART,
            "Puts the time of arrival before each line: a day.js pattern, or \"ISO\".",
            "logs.date_format"),
    TIME("time", flag(), "false", RESTART, "true is log_date_format \"YYYY-MM-DDTHH:mm:ss\"."),
    LOG_MAX_LINE("logs.max_line", size(), "1M", RESTART, "Where a longer line is cut and marked."),
    LOG_WHEN_FULL(
            "logs.when_full",
            choice("block", "drop"),
            "block",
            RESTART,
            "On a slow disk the app waits, or lines are dropped and counted."),
    LOG_MAX_SIZE("logs.max_size", size(), "10M", LIVE, "Size at which a file is put aside."),
    LOG_EVERY("logs.every", period(), "", LIVE, "Time after which a file is put aside."),
    LOG_CRON("logs.cron", text(), "", LIVE, "Times at which a file is put aside, in cron fields."),
    LOG_KEEP("logs.keep", whole(0, 10_000), "10", LIVE, "How many files put aside are kept.", "logs.retain"),
    LOG_MAX_AGE("logs.max_age", period(), "", LIVE, "Age at which a file put aside is deleted."),
    LOG_MAX_TOTAL("logs.max_total", size(), "100M", LIVE, "What all files of one stream may take."),
    LOG_COMPRESS("logs.compress", flag(), "false", LIVE, "Whether files put aside are compressed."),
    LOG_SYNC_EVERY("logs.sync_every", period(), "", LIVE, "How much time's output a loss of power may take."),
    DEPENDS_ON(
            "depends_on",
            new Kind.Dependencies(),
            "",
            LIVE,
            "Apps that must be up first: names, or {\"db\": \"ready\"} with started, ready, healthy or completed."),
    CRON_RESTART("cron_restart", text(), "", LIVE, "Restarts it at the times of a cron expression.", "cron"),
    CRON_TIMEZONE("cron_timezone", text(), "UTC", LIVE, "The time zone of cron_restart.", "timezone"),
    WATCH(
            "watch",
            new Kind.Watched(),
            "false",
            LIVE,
            "Restarts it when files change: true for its folder, or files, folders and patterns such as src/**/*.ts.",
            "watch.paths"),
    IGNORE_WATCH(
            "ignore_watch",
            texts(),
            "node_modules, .git, logs, *.log",
            LIVE,
            "Files whose changes do not matter: names anywhere, or paths with a slash from cwd on; both may be patterns.",
            "watch_ignore watch.ignore"),
    WATCH_DELAY("watch_delay", period(), "200ms", LIVE, "How long changes must have paused.", "watch.delay");

    private final String key;

    /** Of immutable records only. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Kind kind;

    private final String absent;
    private final Change change;
    private final String doc;

    /** Made by {@link List#of}. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> aliases;

    Field(String key, Kind kind, String absent, Change change, String doc) {
        this(key, kind, absent, change, doc, "");
    }

    Field(String key, Kind kind, String absent, Change change, String doc, String aliases) {
        this.key = key;
        this.kind = kind;
        this.absent = absent;
        this.change = change;
        this.doc = doc;
        this.aliases = aliases.isEmpty() ? List.of() : List.of(aliases.split(" "));
    }

    /** The name it is known by, with the object that holds it before a point. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** What holds when nothing is given, in words; empty for nothing. */
    public String absent() {
        return absent;
    }

    public Change change() {
        return change;
    }

    public String doc() {
        return doc;
    }

    public List<String> aliases() {
        return aliases;
    }
}
