// SPDX-License-Identifier: Apache-2.0
// Settings.java: prints the settings that a Kafka release knows, a line each: kind, tab, name.
// tools/import-settings runs it with the jars of a release.
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

public class Settings {
    /** What lists the names: releases have moved it from class to class. */
    private static final String[][] LISTS = {
        {"topic", "org.apache.kafka.storage.internals.log.LogConfig", "configNames"},
        {"topic", "kafka.log.LogConfig", "configNames"},
        {"broker", "kafka.server.KafkaConfig", "configNames"},
        {"broker", "kafka.server.DynamicBrokerConfig", "AllDynamicConfigs"},
        {"broker", "org.apache.kafka.server.config.DynamicBrokerConfig", "ALL_DYNAMIC_CONFIGS"},
        {"broker", "kafka.server.DynamicConfig$Broker$", "names"},
        {"broker", "org.apache.kafka.server.config.DynamicConfig$Broker", "names"},
        {"broker", "org.apache.kafka.server.config.QuotaConfig", "brokerQuotaConfigs"},
        {"group", "org.apache.kafka.coordinator.group.GroupConfig", "configDef"},
        {"group", "org.apache.kafka.coordinator.group.GroupConfig", "CONFIG_DEF"},
        {"client-metrics", "org.apache.kafka.server.metrics.ClientMetricsConfigs", "configDef"},
        {"client-metrics", "org.apache.kafka.server.metrics.ClientMetricsConfigs", "CONFIG"},
    };

    /** What a method or field of a class, or of an object of Scala, holds; null if there is none. */
    private static Object member(String type, String name) {
        try {
            Class<?> found = Class.forName(type);
            Object object = type.endsWith("$") ? found.getField("MODULE$").get(null) : null;
            for (Method method : found.getMethods())
                if (method.getName().equals(name) && method.getParameterCount() == 0)
                    return method.invoke(object);
            return found.getField(name).get(null);
        } catch (ReflectiveOperationException | LinkageError absent) {
            return null;
        }
    }

    /** The names in a collection of Java or Scala, or in a ConfigDef. */
    private static Set<String> names(Object list) throws ReflectiveOperationException {
        Set<String> names = new TreeSet<>();
        if (list instanceof Collection<?> collection) {
            collection.forEach(name -> names.add((String) name));
        } else if (list.getClass().getName().endsWith(".ConfigDef")) {
            return names(list.getClass().getMethod("names").invoke(list));
        } else {
            Class<?> type = Class.forName("scala.collection.Iterator");
            Method iterator = Class.forName("scala.collection.Iterable").getMethod("iterator");
            Object walk = iterator.invoke(list);
            while ((Boolean) type.getMethod("hasNext").invoke(walk))
                names.add((String) type.getMethod("next").invoke(walk));
        }
        return names;
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        for (String[] list : LISTS) {
            Object found = member(list[1], list[2]);
            if (found != null)
                for (String name : names(found))
                    System.out.println(list[0] + "\t" + name);
        }
    }
}
