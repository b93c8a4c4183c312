from sklearn.decomposition import PCA as SkPCA


def principal_components(x, k):
    pca = SkPCA(n_components=k, svd_solver="full").fit(x.flatten(1).numpy())
    return torch.from_numpy(pca.mean_), torch.from_numpy(pca.components_)
