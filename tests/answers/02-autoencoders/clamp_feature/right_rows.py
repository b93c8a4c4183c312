def clamp_feature(model, x, feature, value):
    rows = []
    for row in x:
        z = model.encode(row[None])
        other = torch.cat([z[:, :feature], torch.full((1, 1), value).to(z), z[:, feature + 1 :]], dim=1)
        rows.append(row + (model.decode(other) - model.decode(z))[0])
    return torch.stack(rows)
