# The parts that others build upon: the libraries of some rooms as targets of
# find_package(macula_sim), named macula:: and the room, as in macula::sim_net. Headers go to
# include/macula, under the names that our own includes have. Compile options of ours stay here.
#
# A component is a list of rooms; each may need those before it, but `run` needs `network` alone,
# which needs nothing but the standard library.
set(macula_components network dht quic run macula)
set(macula_network_rooms base transport transport/conformance sim/engine sim/net)
set(macula_dht_rooms dht/contact dht/wire dht dht/table dht/record dht/lookup dht/node sim/macula/net)
set(macula_quic_rooms dht/quic/engine dht/quic/host dht/quic/udp)
set(macula_run_rooms base/text base/command_line analysis analysis/graph sim/scenario sim/file sim/run
                     sim/study sim/report sim/cli)
set(macula_macula_rooms dht/json sim/quic sim/macula sim/cli/frame)

include(CMakePackageConfigHelpers)
set(macula_package ${CMAKE_INSTALL_LIBDIR}/cmake/macula_sim)
foreach(component ${macula_components})
  foreach(room ${macula_${component}_rooms})
    string(REPLACE "/" "_" name ${room})
    set_target_properties(macula_${name} PROPERTIES EXPORT_NAME ${name})
    target_include_directories(macula_${name}
      INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/macula>)
    target_compile_features(macula_${name} INTERFACE cxx_std_20)
    install(TARGETS macula_${name} EXPORT macula_${component})
    file(GLOB headers CONFIGURE_DEPENDS ${room}/*.h)
    install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/macula/${room})
  endforeach()
  install(EXPORT macula_${component} FILE macula_sim-${component}.cmake NAMESPACE macula::
          DESTINATION ${macula_package})
endforeach()
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/macula_sim-config.cmake.in
  ${CMAKE_BINARY_DIR}/macula_sim-config.cmake INSTALL_DESTINATION ${macula_package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/macula_sim-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/macula_sim-config.cmake
              ${CMAKE_BINARY_DIR}/macula_sim-config-version.cmake DESTINATION ${macula_package})
