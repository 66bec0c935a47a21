# find_package(bandcluster): bandcluster::bandcluster is the shared library, bandcluster::static the
# static one.

get_filename_component(_bandcluster_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(_bandcluster_lib "${_bandcluster_prefix}/lib")

if(NOT TARGET bandcluster::bandcluster)
  add_library(bandcluster::bandcluster SHARED IMPORTED)
  set_target_properties(bandcluster::bandcluster PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_bandcluster_prefix}/include")
  if(WIN32)
    set(_bandcluster_import "${_bandcluster_lib}/libbandcluster.dll.a")
    if(MSVC)
      set(_bandcluster_import "${_bandcluster_lib}/bandcluster.lib")
    endif()
    set_target_properties(bandcluster::bandcluster PROPERTIES
      IMPORTED_LOCATION "${_bandcluster_prefix}/bin/bandcluster.dll"
      IMPORTED_IMPLIB "${_bandcluster_import}")
  else()
    set_target_properties(bandcluster::bandcluster PROPERTIES
      IMPORTED_LOCATION "${_bandcluster_lib}/libbandcluster${CMAKE_SHARED_LIBRARY_SUFFIX}")
  endif()
endif()

# The static library of Windows is MinGW's.
if(NOT TARGET bandcluster::static AND NOT MSVC AND EXISTS "${_bandcluster_lib}/libbandcluster.a")
  add_library(bandcluster::static STATIC IMPORTED)
  if(WIN32)
    set(_bandcluster_needs kernel32 ntdll psapi userenv ws2_32 dbghelp)
  elseif(APPLE)
    set(_bandcluster_needs System)
  else()
    set(_bandcluster_needs gcc_s pthread m dl c)
  endif()
  set_target_properties(bandcluster::static PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${_bandcluster_prefix}/include"
    IMPORTED_LOCATION "${_bandcluster_lib}/libbandcluster.a"
    INTERFACE_LINK_LIBRARIES "${_bandcluster_needs}")
endif()
