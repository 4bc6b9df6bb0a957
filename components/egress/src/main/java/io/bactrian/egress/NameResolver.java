package io.bactrian.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up the addresses of a name: all of them, blocking. */
@FunctionalInterface
public interface NameResolver {

    /**
     * All addresses of the name.
     *
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The resolver of the operating system, through the JVM's cache. */
    static NameResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
