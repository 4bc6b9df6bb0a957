package io.bactrian.testkit;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** What the JMX beans of this JVM show to whoever may read them. */
final class JmxTexts {

    private JmxTexts() {}

    /** Attribute values as text, by bean and attribute name. */
    static Map<String, String> read(String namePattern) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Map<String, String> texts = new TreeMap<>();
        for (ObjectName name : server.queryNames(pattern(namePattern), null)) {
            texts.put("name of " + name.getDomain(), name.toString());
            for (MBeanAttributeInfo attribute : attributes(server, name)) {
                texts.put(name + "#" + attribute.getName(), value(server, name, attribute));
            }
        }
        return texts;
    }

    private static ObjectName pattern(String namePattern) {
        try {
            return new ObjectName(namePattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("not a pattern of JMX names: " + namePattern, e);
        }
    }

    private static MBeanAttributeInfo[] attributes(MBeanServer server, ObjectName name) {
        try {
            return server.getMBeanInfo(name).getAttributes();
        } catch (JMException e) {
            // gone since it was listed
            return new MBeanAttributeInfo[0];
        }
    }

    private static String value(MBeanServer server, ObjectName name, MBeanAttributeInfo attribute) {
        if (!attribute.isReadable()) {
            return "";
        }
        try {
            Object value = server.getAttribute(name, attribute.getName());
            return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
        } catch (JMException | RuntimeException e) {
            // an attribute that cannot be read shows its exception to a console
            return String.valueOf(e);
        }
    }
}
