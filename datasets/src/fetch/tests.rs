use std::io::Cursor;
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use sha2::{Digest, Sha256};

use super::*;
use crate::verify::{hex, verify};

const CONTENT: &[u8] = b"@data of a test";

/// Answers one request with `head` and `body`, and returns the address and the thread.
fn serve(head: impl Into<String>, body: impl Into<Vec<u8>>) -> (String, JoinHandle<()>) {
    let (head, body) = (head.into(), body.into());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
            request.extend(byte);
        }
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
    });
    (format!("http://{address}/x.ts"), server)
}

type Size = (u64, Option<u64>);

/// Fetches `basicmotions/x.ts` from `url` into `root`, with the last size that was reported.
fn get(root: &Path, url: &str, content: &[u8]) -> (Result<Vec<PathBuf>, DataError>, Option<Size>) {
    let leak = |text: String| -> &'static str { text.leak() };
    let sha256 = leak(hex(&Sha256::digest(content)));
    let files = [File { path: "basicmotions/x.ts", sha256, url: Some(leak(url.into())) }];
    let mut last = None;
    let result = fetch_into(root, info("basicmotions").unwrap(), &files, &mut |progress| {
        last = Some((progress.done, progress.total));
    });
    (result, last)
}

fn names(root: &Path) -> Vec<String> {
    crate::folders::entries(&root.join("basicmotions")).unwrap_or_default()
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n";

#[test]
fn a_file_with_the_right_checksum_arrives_and_is_not_fetched_again() {
    let root = tempfile::tempdir().unwrap();
    let (url, server) = serve(OK, CONTENT);
    let (result, last) = get(root.path(), &url, CONTENT);
    server.join().unwrap();
    assert_eq!(result.unwrap(), [root.path().join("basicmotions/x.ts")]);
    assert_eq!(last, Some((15, Some(15))));
    assert_eq!(fs::read(root.path().join("basicmotions/x.ts")).unwrap(), CONTENT);
    assert_eq!(names(root.path()), ["x.ts"]);
    // The server is gone, so a second request would fail.
    assert!(get(root.path(), &url, CONTENT).0.is_ok());
}

#[test]
fn a_wrong_checksum_leaves_everything_as_it_was() {
    for before in [None, Some("old")] {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("basicmotions/x.ts");
        if let Some(content) = before {
            fs::create_dir(root.path().join("basicmotions")).unwrap();
            fs::write(&path, content).unwrap();
        }
        let (url, server) = serve(OK, CONTENT);
        let error = get(root.path(), &url, b"something else").0.unwrap_err();
        server.join().unwrap();
        assert!(matches!(&error, DataError::Checksum { what, .. } if *what == url), "{error}");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), before);
        assert_eq!(names(root.path()).len(), usize::from(before.is_some()));
    }
}

#[test]
fn a_connection_that_breaks_off_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (url, server) = serve(OK, &CONTENT[..5]);
    assert!(get(root.path(), &url, CONTENT).0.is_err());
    server.join().unwrap();
    assert!(names(root.path()).is_empty());
}

#[test]
fn a_missing_page_is_named() {
    let root = tempfile::tempdir().unwrap();
    let (url, server) = serve("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b"");
    let error = get(root.path(), &url, CONTENT).0.unwrap_err().to_string();
    server.join().unwrap();
    assert!(error.starts_with(&format!("{url} answered 404")) && error.contains("timeseriesclassification"), "{error}");
    assert!(names(root.path()).is_empty());
}

#[test]
fn no_network_says_what_to_do() {
    let root = tempfile::tempdir().unwrap();
    // Bound and dropped: nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for host in [address.to_string(), "no-such-host.invalid".into()] {
        let error = get(root.path(), &format!("http://{host}/x.ts"), CONTENT).0.unwrap_err().to_string();
        assert!(error.starts_with(&format!("could not reach {host}: connect to the network")), "{error}");
        assert!(error.contains(&format!("HDC_DATASETS={}", root.path().display())), "{error}");
    }
    assert!(names(root.path()).is_empty());
}

#[test]
fn a_gzipped_file_is_unpacked_and_its_content_is_checked() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(CONTENT).unwrap();
    let packed = gz.finish().unwrap();
    let (short, plain) = (packed[..packed.len() - 6].to_vec(), CONTENT.to_vec());
    for (bytes, problem) in [(packed, ""), (short, "is not a whole gzip file"), (plain, "is not a whole gzip file")] {
        let root = tempfile::tempdir().unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
        let (url, server) = serve(head, bytes);
        let result = get(root.path(), &format!("{url}.gz"), CONTENT).0;
        server.join().unwrap();
        match result {
            Ok(paths) => assert_eq!((fs::read(&paths[0]).unwrap(), problem), (CONTENT.to_vec(), "")),
            Err(error) => assert!(!problem.is_empty() && error.to_string().contains(problem), "{error}"),
        }
        assert_eq!(names(root.path()).len(), usize::from(problem.is_empty()));
    }
}

/// A zip archive with these members.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Fetches `uci-emg-gestures/01/x.txt` and `02/x.txt`, with contents `one` and `two`, from an archive of these bytes.
fn get_from_archive(root: &Path, bytes: Vec<u8>) -> Result<Vec<PathBuf>, DataError> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
    let (url, server) = serve(head, bytes);
    let url: &'static str = url.replace("x.ts", "x.zip").leak();
    let file = |path, content: &str| File { path, sha256: hex(&Sha256::digest(content)).leak(), url: Some(url) };
    let files = [file("uci-emg-gestures/01/x.txt", "one"), file("uci-emg-gestures/02/x.txt", "two")];
    let result = fetch_into(root, info("uci-emg").unwrap(), &files, &mut |_| ());
    server.join().unwrap();
    // The server answers once: what is there already is not fetched again.
    if result.is_ok() {
        assert!(fetch_into(root, info("uci-emg").unwrap(), &files, &mut |_| ()).is_ok());
    }
    result
}

/// What lies below `folder`, with its contents.
fn tree(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(tree(&entry));
        } else {
            found.push((entry.clone(), fs::read_to_string(&entry).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn files_are_taken_out_of_an_archive_wherever_they_are_in_it() {
    for (first, second) in
        [("01/x.txt", "02/x.txt"), ("EMG-master/01/x.txt", "a/b/02/x.txt"), ("../../01/x.txt", "/02/x.txt")]
    {
        let root = tempfile::tempdir().unwrap();
        let bytes = archive(&[("101/x.txt", b"other"), (first, b"one"), ("readme", b"x"), (second, b"two")]);
        let paths = get_from_archive(root.path(), bytes).unwrap();
        assert_eq!(tree(root.path()), [(paths[0].clone(), "one".into()), (paths[1].clone(), "two".into())], "{first}");
        assert!(paths[1].ends_with("uci-emg-gestures/02/x.txt"));
    }
}

#[test]
fn an_archive_that_is_of_no_use_leaves_everything_as_it_was() {
    let good = archive(&[("01/x.txt", b"one"), ("02/x.txt", b"two")]);
    // The content of a member is flipped where its name ends in the first header.
    let mut broken = good.clone();
    let content = broken.windows(8).position(|name| name == b"01/x.txt").unwrap() + 8;
    broken[content] ^= 0x55;
    let cases = [
        (good[..good.len() / 2].to_vec(), "is not a whole zip archive"),
        (b"<html>not found</html>".to_vec(), "is not a whole zip archive"),
        (archive(&[("02/x.txt", b"two")]), "has no file 01/x.txt"),
        (archive(&[("01/x.txt", b"changed"), ("02/x.txt", b"two")]), "expected"),
        (broken, "01/x.txt"),
    ];
    for (bytes, problem) in cases {
        let root = tempfile::tempdir().unwrap();
        let old = root.path().join("uci-emg-gestures/01/x.txt");
        fs::create_dir_all(old.parent().unwrap()).unwrap();
        fs::write(&old, "old").unwrap();
        let error = get_from_archive(root.path(), bytes).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains("x.zip"), "{error}");
        assert_eq!(tree(root.path()), [(old, "old".into())], "{error}");
    }
}

#[test]
fn a_set_without_addresses_says_what_to_do() {
    let info = info("european-languages").unwrap();
    let error = fetch_into(Path::new("cache"), info, info.files, &mut |_| ()).unwrap_err().to_string();
    for part in ["no address", "https://github.com/", "cache/european-languages", "train/bul.txt"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_shipped_set_needs_no_fetching() {
    assert!(fetch("spar", &mut |_| ()).unwrap().is_empty());
    assert_eq!(verify("spar").unwrap(), 0);
    assert!(matches!(fetch("sparr", &mut |_| ()), Err(DataError::UnknownSet { .. })));
}
