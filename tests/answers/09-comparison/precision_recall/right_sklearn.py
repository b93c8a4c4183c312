from sklearn.neighbors import NearestNeighbors


def precision_recall(f_real, f_fake, k=3):
    real, fake = f_real.numpy(), f_fake.numpy()

    def share(points, centers):
        model = NearestNeighbors(n_neighbors=k).fit(centers)
        radius = model.kneighbors()[0][:, -1]
        apart = torch.cdist(torch.tensor(points).double(), torch.tensor(centers).double())
        return float((apart <= torch.tensor(radius)).any(1).double().mean())

    return share(fake, real), share(real, fake)
