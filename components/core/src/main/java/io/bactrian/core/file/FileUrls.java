package io.bactrian.core.file;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.TenantId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs links to files and tells those that hold. What is kept and sent on names a file by its id, or by {@link #path}; a
 * link is signed anew each time a file is shown, and holds for minutes.
 *
 * <p>{@code /files/TENANT/ID.EXT?exp=SECONDS&kid=KEY&sign=SIGNATURE}, with {@code &as_attachment=true} for one to be saved.
 * Signed is all of it, and the methods it is for. There is one way to write a link but for the order of its parameters:
 * whatever is written otherwise does not hold, and nobody is told why.
 */
public final class FileUrls {

    /** The longest time that a link may hold: a new one is signed whenever a file is shown. */
    public static final Duration LONGEST = Duration.ofHours(1);

    /** What the paths of all links begin with. */
    public static final String PREFIX = "/files/";

    /** What the paths of all tickets begin with; no path of a link does, whatever a tenant is called. */
    public static final String UPLOADS = PREFIX + "upload/";

    // the clocks of two nodes differ a little
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final String PURPOSE = "read-file";
    private static final String METHODS = "GET,HEAD";
    private static final Set<String> ALLOWED_METHODS = Set.of("GET", "HEAD");

    private static final String EXPIRY = "exp";
    private static final String KEY_ID = "kid";
    private static final String SIGNATURE = "sign";
    private static final String AS_ATTACHMENT = "as_attachment";
    private static final Set<String> NAMES = Set.of(EXPIRY, KEY_ID, SIGNATURE, AS_ATTACHMENT);

    private static final int LONGEST_QUERY = 256;
    private static final int LONGEST_URL = 4_096;
    private static final Pattern PATH =
            Pattern.compile("/files/([a-z0-9][a-z0-9-]{0,62})/([0-9a-f]{32})(\\.[a-z0-9]{1,10})");
    private static final Pattern IN_URL =
            Pattern.compile("(?:https?://[^/?#]+(?:/[^?#]*)?)?(/files/[^/?#]+/[^/?#]+)(?:[?#].*)?");
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");

    private final SigningKeys keys;
    private final Clock clock;
    private final FileUrlSettings settings;
    private final UploadTickets tickets;

    /** As {@link #FileUrls(SigningKeys, Clock, FileUrlSettings, SecureRandom)}, with chance of its own. */
    public FileUrls(SigningKeys keys, Clock clock, FileUrlSettings settings) {
        this(keys, clock, settings, new SecureRandom());
    }

    /**
     * @param keys what links are signed with
     * @param clock tells which have expired
     * @param settings how links are made
     * @param random tells tickets from each other
     */
    public FileUrls(SigningKeys keys, Clock clock, FileUrlSettings settings, SecureRandom random) {
        this.keys = keys;
        this.clock = clock;
        this.settings = settings;
        this.tickets = new UploadTickets(keys, clock, random);
    }

    /**
     * A ticket: a link by which whoever has it can put one file, once, by {@code PUT} or {@code POST}. The file will be the
     * caller's: a user's own, or everybody's of the tenant where the caller is no user.
     *
     * @param caller on whose behalf
     * @param upload what may be put
     */
    public String uploadTicket(Caller caller, NewUpload upload) {
        return settings.base() + tickets.issue(caller, upload);
    }

    /**
     * What a ticket allows, as it comes in with a request. It has still to be used, by {@link UploadNonces#use}.
     *
     * @param method the request's method
     * @param path its path, as it was sent: nothing is decoded
     * @param query its query, as it was sent; null for none
     * @return empty if the ticket does not hold, for whatever reason
     */
    public Optional<UploadGrant> verifyUpload(String method, String path, @Nullable String query) {
        return tickets.verify(method, path, query);
    }

    /** The path of a file, unsigned: what may be kept, and opens nothing. */
    public String path(StoredFile file) {
        return PREFIX + file.tenant() + "/" + file.id() + file.extension();
    }

    /** A link to a file that a caller may have, which holds as long as links usually do. */
    public String sign(Caller caller, StoredFile file, FileDisposition disposition) {
        return sign(caller, file, disposition, settings.expiry());
    }

    /**
     * A link to a file that a caller may have.
     *
     * @param validFor how long it holds: a second to {@link #LONGEST}
     * @throws BadRequestException with {@code file_not_found} if the file is not the caller's to have: who can have links
     *     signed can have files of their own signed, and no others (SIGN-10)
     */
    public String sign(Caller caller, StoredFile file, FileDisposition disposition, Duration validFor) {
        if (!file.visibleTo(caller)) {
            throw FileStore.notFound();
        }
        if (validFor.toSeconds() < 1 || validFor.compareTo(LONGEST) > 0) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "a link to a file holds for 1 second to " + LONGEST.toDays() + " days");
        }
        long expiry = clock.instant().plus(validFor).getEpochSecond();
        SigningKey key = keys.current();
        Link link = new Link(file.tenant(), file.id(), file.extension(), disposition, expiry);
        return settings.base() + path(file) + "?" + EXPIRY + "=" + expiry + "&" + KEY_ID + "=" + key.id() + "&"
                + SIGNATURE + "=" + link.signature(key)
                + (disposition == FileDisposition.ATTACHMENT ? "&" + AS_ATTACHMENT + "=true" : "");
    }

    /**
     * What a link allows, as it comes in with a request.
     *
     * @param method the request's method
     * @param path its path, as it was sent: nothing is decoded
     * @param query its query, as it was sent; null for none
     * @return empty if the link does not hold, for whatever reason
     */
    public Optional<FileGrant> verify(String method, String path, @Nullable String query) {
        Matcher place = PATH.matcher(path);
        if (!ALLOWED_METHODS.contains(method) || !place.matches()) {
            return Optional.empty();
        }
        Optional<TenantId> tenant = tenant(place.group(1));
        Optional<Parameters> parameters = Parameters.parse(query);
        Optional<SigningKey> key = parameters.flatMap(given -> keys.find(given.keyId()));
        if (tenant.isEmpty() || parameters.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        Parameters given = parameters.get();
        Link link =
                new Link(tenant.get(), new FileId(place.group(2)), place.group(3), given.disposition(), given.expiry());
        if (!link.isSignedAs(given.signature(), key.get()) || !inTime(given.expiry())) {
            return Optional.empty();
        }
        return Optional.of(
                new FileGrant(link.tenant(), link.id(), link.disposition(), Instant.ofEpochSecond(link.expiry())));
    }

    /**
     * The file that a link or a path names, whether it is signed, holds, or not: for whoever shows it anew, and looks first
     * whether they may have it.
     */
    public static Optional<FileReference> reference(String url) {
        Matcher whole = IN_URL.matcher(url.length() > LONGEST_URL ? "" : url);
        Matcher place = PATH.matcher(whole.matches() ? whole.group(1) : "");
        if (!place.matches()) {
            return Optional.empty();
        }
        String id = place.group(2);
        return tenant(place.group(1)).map(tenant -> new FileReference(tenant, new FileId(id)));
    }

    static Optional<TenantId> tenant(String text) {
        return text.endsWith("-") ? Optional.empty() : Optional.of(new TenantId(text));
    }

    private boolean inTime(long expiry) {
        Instant now = clock.instant();
        Instant end = Instant.ofEpochSecond(expiry);
        return end.isAfter(now) && !end.isAfter(now.plus(LONGEST).plus(SKEW));
    }

    /** What a link's query says, each thing once and nothing else. */
    private record Parameters(long expiry, String keyId, String signature, FileDisposition disposition) {

        static Optional<Parameters> parse(@Nullable String query) {
            Optional<Map<String, String>> parsed = LinkQuery.parse(query, NAMES, LONGEST_QUERY);
            if (parsed.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> values = parsed.get();
            String expiry = values.getOrDefault(EXPIRY, "");
            String keyId = values.getOrDefault(KEY_ID, "");
            String signature = values.getOrDefault(SIGNATURE, "");
            boolean inline = !values.containsKey(AS_ATTACHMENT);
            if (!SECONDS.matcher(expiry).matches() || !inline && !"true".equals(values.get(AS_ATTACHMENT))) {
                return Optional.empty();
            }
            FileDisposition disposition = inline ? FileDisposition.INLINE : FileDisposition.ATTACHMENT;
            return Optional.of(new Parameters(Long.parseLong(expiry), keyId, signature, disposition));
        }
    }

    /** What is signed. */
    private record Link(TenantId tenant, FileId id, String extension, FileDisposition disposition, long expiry) {

        String signature(SigningKey key) {
            return LinkQuery.signature(
                    key,
                    PURPOSE,
                    METHODS,
                    tenant.value(),
                    id.value(),
                    extension,
                    disposition.name(),
                    Long.toString(expiry),
                    key.id());
        }

        boolean isSignedAs(String given, SigningKey key) {
            return LinkQuery.same(signature(key), given);
        }
    }
}
