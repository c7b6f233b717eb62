// Travel tables by RoutingKit (https://github.com/RoutingKit/RoutingKit, BSD-2) over the very network that
// Hjemrute has of a city, to be held against its own: contraction hierarchy, pinned targets, times with the
// lengths of the ways as an extra weight. Seconds are processor time of one thread.
//
//     HJEMRUTE_NETWORK=/tmp/city.network cargo test --release --workspace --lib -- --ignored --nocapture a_city_for_another_engine
//     git clone https://github.com/RoutingKit/RoutingKit && make -C RoutingKit lib/libroutingkit.a
//     g++ -O3 -march=native -DNDEBUG -std=c++17 -IRoutingKit/include benches/routingkit/table.cpp \
//         RoutingKit/lib/libroutingkit.a -fopenmp -lz -o table
//     ./table /tmp/city.network
#include <routingkit/contraction_hierarchy.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

using namespace RoutingKit;

static double spent() { return double(std::clock()) / CLOCKS_PER_SEC; }

static std::vector<unsigned> numbers(std::FILE *file) {
    unsigned count = 0;
    if (std::fread(&count, sizeof count, 1, file) != 1) std::exit(1);
    std::vector<unsigned> all(count);
    if (std::fread(all.data(), sizeof(unsigned), count, file) != count) std::exit(1);
    return all;
}

int main(int count, char **words) {
    std::FILE *file = count == 2 ? std::fopen(words[1], "rb") : nullptr;
    if (!file) return std::fputs("table FILE\n", stderr), 1;
    const auto tail = numbers(file), head = numbers(file), ms = numbers(file), dm = numbers(file);
    const auto sources = numbers(file), targets = numbers(file), told = numbers(file);
    const unsigned vertices = 1 + std::max(*std::max_element(tail.begin(), tail.end()),
                                           *std::max_element(head.begin(), head.end()));

    double start = spent();
    const auto hierarchy = ContractionHierarchy::build(vertices, tail, head, ms);
    const auto link = SaturatedWeightAddition();
    std::printf("%u vertices, %zu arcs, ordered in %.2f s\n", vertices, tail.size(), spent() - start);
    start = spent();
    const ContractionHierarchyExtraWeight<unsigned> lengths(hierarchy, dm, link);
    std::printf("lengths in %.2f s\n", spent() - start);

    ContractionHierarchyQuery query(hierarchy);
    std::vector<unsigned> scratch(vertices);
    for (unsigned places : {200u, 1000u, unsigned(sources.size())}) {
        const std::vector<unsigned> goals(targets.begin(), targets.begin() + places);
        std::vector<unsigned> times(std::size_t(places) * places), ways(times.size());
        double least = 1e9;
        for (int round = 0; round < 5; ++round) {
            start = spent();
            query.reset().pin_targets(goals);
            for (unsigned from = 0; from < places; ++from) {
                unsigned *way = &ways[std::size_t(from) * places];
                query.reset_source().add_source(sources[from]).run_to_pinned_targets();
                query.get_distances_to_targets(&times[std::size_t(from) * places]);
                query.get_extra_weight_distances_to_targets(lengths, link, scratch, way);
            }
            least = std::min(least, spent() - start);
        }
        std::size_t differ = 0;
        for (std::size_t from = 0; from < places; ++from)
            for (std::size_t to = 0; to < places; ++to)
                differ += times[from * places + to] != told[from * sources.size() + to];
        std::printf("%u: %.4f s, %zu times differ\n", places, least, differ);
    }
}
