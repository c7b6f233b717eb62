//! The scheduler's page in a browser, against this very program: what is tried stands in
//! [web/tests](../web/tests). Without a browser, or where the page is not built, that is said and nothing is
//! tried; under CI it fails.

use std::path::Path;
use std::process::Command;

#[test]
fn a_schedulers_morning_in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let has_browser = browsers.iter().any(|browser| Path::new(browser).exists());
    let is_built = root.join("crates/service/page/built/index.html").exists();
    let has_packages = root.join("web/node_modules/playwright-core").exists();
    if !(has_browser && is_built && has_packages) {
        assert!(
            std::env::var_os("CI").is_none(),
            "there is no Chromium, or `make page` has not run"
        );
        println!("not tried: there is no Chromium here, or `make page` has not run");
        return;
    }
    let done = Command::new("web/build.sh")
        .arg("test")
        .current_dir(root)
        .env("HJEMRUTE", env!("CARGO_BIN_EXE_hjemrute"))
        .output()
        .expect("the script starts");
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}\n{}", String::from_utf8_lossy(&done.stderr));
}
