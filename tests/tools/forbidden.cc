// All that dht/ must not reach for, in one file: the check of its symbols must refuse all of it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <thread>

long forbidden() {
  long sum = std::chrono::steady_clock::now().time_since_epoch().count();
  sum += std::chrono::system_clock::now().time_since_epoch().count();
  timespec spec{};
  sum += clock_gettime(CLOCK_MONOTONIC, &spec);
  timeval value{};
  sum += gettimeofday(&value, nullptr);
  sum += time(nullptr);
  sum += socket(AF_INET, SOCK_DGRAM, 0);
  sum += sendto(0, nullptr, 0, 0, nullptr, 0);
  sum += open("/dev/urandom", O_RDONLY);
  sum += getrandom(&sum, sizeof(sum), 0);
  sum += static_cast<long>(std::random_device()());
  sum += std::rand();
  std::thread([] { usleep(1); }).join();
  std::ifstream file("/dev/urandom");
  return sum + file.get();
}
