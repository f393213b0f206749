import Meters
import Testing

@Suite struct ExpositionTests {
    @Test func `a family is told with its help, its kind and a line for each sample`() {
        var text = Exposition()
        text.add(
            MetricFamily("events_total", .counter, ["audience", "code"], "Events"),
            [MetricSample(.whole(3), ["shop", "a"]), MetricSample(.number(0.25), ["shop", "b"])])
        text.add(MetricFamily("up", .gauge, "Up"), [MetricSample(.number(2))])
        #expect(
            text.text == """
                # HELP events_total Events
                # TYPE events_total counter
                events_total{audience="shop",code="a"} 3
                events_total{audience="shop",code="b"} 0.25
                # HELP up Up
                # TYPE up gauge
                up 2

                """)
    }

    @Test func `label values and help are escaped, each as it has to be`() {
        var text = Exposition()
        text.add(
            MetricFamily("m", .gauge, ["path"], "say \"a\\b\"\nand more"), [MetricSample(.whole(1), ["a\"b\\c\nd"])])
        #expect(
            text.text == """
                # HELP m say "a\\\\b"\\nand more
                # TYPE m gauge
                m{path="a\\"b\\\\c\\nd"} 1

                """)
    }

    @Test func `the buckets of a histogram add up, and a time at a bound is within it`() {
        let times = TimeHistogram()
        for time in [Duration.microseconds(100), .microseconds(101), .seconds(60), .seconds(61)] { times.note(time) }
        var text = Exposition()
        text.add(MetricFamily("t", .histogram, ["store"], "Times"), [MetricSample(.times(times.reading), ["log"])])
        let lines = text.text.split(separator: "\n")
        #expect(lines.contains(#"t_bucket{store="log",le="0.0001"} 1"#))
        #expect(lines.contains(#"t_bucket{store="log",le="0.00025"} 2"#))
        #expect(lines.contains(#"t_bucket{store="log",le="30"} 2"#))
        #expect(lines.contains(#"t_bucket{store="log",le="60"} 3"#))
        #expect(lines.contains(#"t_bucket{store="log",le="+Inf"} 4"#))
        #expect(lines.contains(#"t_sum{store="log"} 121.000201"#))
        #expect(lines.contains(#"t_count{store="log"} 4"#))
        #expect(lines.count == 2 + TimeHistogram.boundsMicroseconds.count + 1 + 2)
    }

    @Test func `a summary has no buckets, and what is no number is told as such`() {
        let times = TimeHistogram()
        times.note(.milliseconds(1_500))
        var text = Exposition()
        text.add(MetricFamily("t", .summary, "Times"), [MetricSample(.times(times.reading))])
        text.add(
            MetricFamily("n", .gauge, "Numbers"),
            [Double.nan, .infinity, -.infinity].map { MetricSample(.number($0)) })
        #expect(text.text.contains("t_sum 1.5\nt_count 1\n"))
        #expect(text.text.hasSuffix("n NaN\nn +Inf\nn -Inf\n"))
    }

    @Test func `counters count from many threads`() async {
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<1_000 { counter.add() } } }
        }
        counter.add(5)
        #expect(counter.value == 8_005)
    }
}
