package io.bactrian.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The addresses of this machine. */
final class LocalAddresses {

    private LocalAddresses() {}

    /** Whether the address is one of this machine's. If that cannot be told it is: a check that cannot run refuses. */
    static boolean contains(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }
}
