<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>bandcluster</name>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Cluster</source>
            <translation>聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Classes</source>
            <translation>分类图</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Quality</source>
            <translation>质量</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Results also hold</source>
            <translation>结果还包括</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>{}: {}</source>
            <translation>{}：{}</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>The number of classes is {number}; choose one from 1 to {largest}</source>
            <translation>类别数为 {number}；请选择 1 到 {largest} 之间的数</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>cancelled</source>
            <translation>已取消</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <location filename="../explorer/number.py" />
            <source>low</source>
            <translation>低</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <location filename="../explorer/number.py" />
            <source>medium</source>
            <translation>中</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <location filename="../explorer/number.py" />
            <source>high</source>
            <translation>高</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Choose the number of classes</source>
            <translation>选择类别数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>elbow</source>
            <translation>肘部法</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>silhouette</source>
            <translation>轮廓系数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>number of clusters</source>
            <translation>聚类数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>how many classes</source>
            <translation>分为几类</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Recommends a number of classes for a scene.
Finds classes for every number in a range and measures how well they are separated: silhouette and Calinski-Harabasz (higher is better), Davies-Bouldin (lower is better), and stability, which tells whether all starts find the same classes (1: they do). Each number is ranked by the first three measures; the number with the best ranks is recommended, among those that are stable. The log says how certain that is. If the classes of a scene blend into each other, no number is right: look at the maps, too. A Processing model can pass the number on to 'Cluster a scene'.</source>
            <translation>为一景影像推荐类别数。
对一个范围内的每个类别数求出类别，并衡量类别彼此分离的程度：轮廓系数和 Calinski-Harabasz 指数（越高越好）、Davies-Bouldin 指数（越低越好），以及稳定性，即各次启动是否得到相同的类别（1 表示相同）。按前三个指标对每个类别数排名，在稳定的类别数中推荐总排名最好的一个。日志说明推荐有多可靠。如果影像的类别彼此过渡、没有明确界限，就没有唯一正确的类别数：请同时查看分类图。在 Processing 模型中，可以把推荐的数传给“影像聚类”。</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>the minimum number of classes, {least}, is above the maximum, {largest}; exchange them</source>
            <translation>最小类别数 {least} 大于最大类别数 {largest}；请把两者对调</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Recommended: {number} classes; certainty: {certainty}. {reason}</source>
            <translation>推荐：{number} 个类别；可靠程度：{certainty}。{reason}</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>stability</source>
            <translation>稳定性</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>     k        inertia  silhouette  Calinski-Harabasz  Davies-Bouldin  {last:&gt;9s}</source>
            <translation>     k           惯量    轮廓系数  Calinski-Harabasz  Davies-Bouldin  {last:&gt;9s}</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>Cluster a scene</source>
            <translation>影像聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <location filename="../algorithms/fit.py" />
            <location filename="../algorithms/predict.py" />
            <source>classification</source>
            <translation>分类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>unsupervised</source>
            <translation>非监督</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>clustering</source>
            <translation>聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>k-means</source>
            <translation>K均值</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>segmentation</source>
            <translation>分割</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>land cover</source>
            <translation>土地覆盖</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>kmeans</source>
            <translation>K均值聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>ISO cluster</source>
            <translation>ISO聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>expectation maximisation</source>
            <translation>期望最大化</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>density</source>
            <translation>密度</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>Groups the pixels of a scene into classes by their values in all bands, and makes a map of the classes.
Classes are numbered by size: the largest is 1, and 0 is nodata. They have the colours of the scene if its red, green and blue bands are known. Save the model to give other scenes the same classes with 'Apply classes'.</source>
            <translation>按像元在所有波段的值把影像的像元归为若干类别，并生成分类图。
类别按大小编号：1 为最大的类别，0 为无数据。如果已知影像的红、绿、蓝波段，类别会采用影像的颜色。请保存模型，以便用“应用类别”把相同的类别应用于其他影像。</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>Find classes</source>
            <translation>提取类别</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>train</source>
            <translation>训练</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>fit</source>
            <translation>拟合</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/predict.py" />
            <location filename="../algorithms/stylefromlayer.py" />
            <source>model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>mosaic</source>
            <translation>镶嵌</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>several scenes</source>
            <translation>多景影像</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>Finds classes in one scene, or in several scenes together, and saves them as a model.
If you choose a folder for maps, a map of each scene is written there. Use the model in 'Apply classes' to label other scenes that have the same bands.</source>
            <translation>从一景或多景影像中一并提取类别，并保存为模型。
如果选择了分类图文件夹，会在其中写入每景影像的分类图。在“应用类别”中使用该模型，可为具有相同波段的其他影像分类。</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>{title}: {number} is not a finite number; give a number</source>
            <translation>{title}：{number} 不是有限的数；请给出一个数</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>there are {masks} masks for {scenes} scenes; give one mask for each scene, or none</source>
            <translation>有 {masks} 个掩膜，却有 {scenes} 景影像；请为每景影像各给一个掩膜，或者都不给</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>{}: '{}' is not a number or a list of numbers; separate numbers by commas</source>
            <translation>{}：“{}”不是一个数，也不是数的列表；多个数请用英文逗号隔开</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>the option '{}' is not name=value, such as linkage=average</source>
            <translation>选项“{}”不是“名称=值”的形式，正确的例子：linkage=average</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>Merge and name classes</source>
            <translation>合并与命名类别</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>merge</source>
            <translation>合并</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>combine</source>
            <translation>组合</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/stylefromlayer.py" />
            <source>rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>recode</source>
            <translation>重编码</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>reclassify</source>
            <translation>重分类</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>{} merged</source>
            <translation>{} 合并</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>Merges several classes of a model into one, and names classes.
'Apply classes' gives the merged classes to any scene with the new model. A map of the old classes can be relabelled without the scene. After a merge all classes get new numbers, the largest is 1; the log lists the old and the new numbers. If classes are only named, their numbers do not change.</source>
            <translation>把模型的多个类别合并为一个，并为类别命名。
“应用类别”可用新模型把合并后的类别应用于任何影像。已有的旧分类图可以直接改写，不需要影像。合并后所有类别重新编号，最大的为 1；日志列出新旧编号。如果只是命名，编号不变。</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>old value</source>
            <translation>旧值</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/outcome.py" />
            <source>name</source>
            <translation>名称</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>new value</source>
            <translation>新值</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>Open a Sentinel-2 product</source>
            <translation>打开 Sentinel-2 产品</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>Sentinel-2</source>
            <translation>哨兵二号</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>SAFE</source>
            <translation>SAFE</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>L1C</source>
            <translation>L1C</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>L2A</source>
            <translation>L2A</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>clouds</source>
            <translation>云</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>SCL</source>
            <translation>SCL</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>bands</source>
            <translation>波段</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>layer stack</source>
            <translation>波段叠加</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>{} bands</source>
            <translation>{} 波段</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural colours.
Bands keep their names and their scale and offset. They are resampled to the pixel size of the finest band. The layer is a small virtual raster that reads the files of the product: keep them where they are. Clouds can be left out of the layer.</source>
            <translation>把 Sentinel-2 产品（L1C 或 L2A）的波段合成一个图层，以自然色显示。
波段保留其名称以及缩放系数和偏移量，并重采样到最精细波段的像元大小。该图层是一个小的虚拟栅格，直接读取产品的文件：请不要移动这些文件。可以在图层中去除云。</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{} classes</source>
            <translation>{} 分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{} confidence</source>
            <translation>{} 置信度</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{} polygons</source>
            <translation>{} 多边形</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>value</source>
            <translation>值</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>pixels</source>
            <translation>像元</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>share</source>
            <translation>比例</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>area (ha)</source>
            <translation>面积（公顷）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>none, it is new</source>
            <translation>无，为新类别</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>Numbered like the given model:</source>
            <translation>按给定的模型编号：</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>like class</source>
            <translation>对应的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>distance of the means</source>
            <translation>均值间的距离</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>not found</source>
            <translation>未找到</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{} (see the other warning, too: both must be corrected at once)</source>
            <translation>{}（另见另一条警告：两者须一并纠正）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's values look {difference:g} higher than those the model was fitted on. The scene seems to be a Sentinel-2 product of processing baseline 04.00 or later: label it again with the offset {offset:g}</source>
            <translation>影像的值似乎比模型训练数据高 {difference:g}。该影像似乎是处理基线 04.00 或更新的 Sentinel-2 产品：请以偏移量 {offset:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's values look {difference:g} lower than those the model was fitted on. The model's scene seems to be a Sentinel-2 product of processing baseline 04.00 or later: label the scene again with the offset {offset:g}</source>
            <translation>影像的值似乎比模型训练数据低 {difference:g}。模型所用的影像似乎是处理基线 04.00 或更新的 Sentinel-2 产品：请以偏移量 {offset:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene looks like reflectance of {scene}, the model was fitted on {trained}: label it again with the scale {scale:g}</source>
            <translation>影像的值似乎是 {scene} 的反射率，而模型是用 {trained} 的数据得到的：请以缩放系数 {scale:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's bands seem to be in another order (model = position among the bands that were read: {pairs}): label it again with the bands in this order: {order}</source>
            <translation>影像波段的顺序似乎不同（模型波段 = 在所读波段中的位置：{pairs}）：请按此顺序选择波段重新分类：{order}</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene differs from what the model was fitted on: its bands have shifted by {moved:.1f} standard deviations on average, and {far} of its pixels are farther from their class than 99 % of the training pixels; check the map before you use it, or find classes in both scenes together</source>
            <translation>影像与模型的训练数据不同：各波段平均移动了 {moved:.1f} 个标准差，有 {far} 的像元到其类别的距离大于 99 % 的训练像元；使用分类图之前请先检查，或用两景影像一并提取类别</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the centres still moved when the maximum of {} iterations was reached; allow more with max_iter in the options of the algorithm</source>
            <translation>达到最大迭代次数 {} 时类别中心仍在移动；请在算法选项中用 max_iter 增大次数</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the memory is set to {memory} MiB, and this run may take up to {needed} MiB; set it higher</source>
            <translation>内存设为 {memory} MiB，而本次运行最多可能需要 {needed} MiB；请调高</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the memory is set to {memory} MiB, and this machine has {total} MiB; set it lower, to leave some for other programs</source>
            <translation>内存设为 {memory} MiB，而本机共有 {total} MiB；请调低，为其他程序留出内存</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: band {number} is an alpha band and is used as a mask; if it holds data, choose the bands</source>
            <translation>{scene}：波段 {number} 是 Alpha 波段，将用作掩膜；如果其中是数据，请自行选择波段</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the values of SCL are classes, and distances between them mean nothing; choose the other bands, or use SCL to leave out clouds</source>
            <translation>{scene}：SCL 的值是类别，它们之间的距离没有意义；请选择其他波段，或用 SCL 去除云</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: {bands} has a palette; if its values are classes, distances between them mean nothing</source>
            <translation>{scene}：{bands} 带有调色板；如果其值是类别，它们之间的距离没有意义</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the bands have different scales or offsets ({bands}), and the stored samples are compared; set the scaling of the bands to Z-score to give them the same weight</source>
            <translation>{scene}：各波段的比例系数或偏移不同（{bands}），比较时采用存储的像元值；请把波段的缩放设为 Z 分数，使各波段权重相同</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the samples are converted to those of {like} with the scale and offset of both scenes</source>
            <translation>{scene}：按双方的比例系数和偏移，像元值已换算为 {like} 的像元值</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the scale or offset differs from that of {like}, but some bands have no scale and offset: the samples are used as stored</source>
            <translation>{scene}：比例系数或偏移与 {like} 的不同，但有些波段没有比例系数和偏移：采用存储的像元值</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the file does not tell which pixels have no data, so the model's no-data value is used: {values} (if all pixels have data, set NODATA to none)</source>
            <translation>{scene}：文件没有说明哪些像元无数据，因此采用模型的无数据值：{values}（若所有像元都有数据，请把 NODATA 设为 none）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>no pixel of {scene} is valid (none has a value in {bands}); check its no-data values, mask and area of interest</source>
            <translation>{scene} 没有有效像元（{bands} 中没有任何值）；请检查其无数据值、掩膜和感兴趣区</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>no pixel of {scene} is valid; check its no-data values, mask and area of interest</source>
            <translation>{scene} 没有有效像元；请检查其无数据值、掩膜和感兴趣区</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Apply classes</source>
            <translation>应用类别</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>predict</source>
            <translation>预测</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>label</source>
            <translation>标注</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>neighbour</source>
            <translation>相邻影像</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Labels a scene with the classes of a model, so that its map matches the map of the scene the model was fitted on.
The scene must have the bands of the model, in the same units. If no bands are chosen, they are found by the names that are stored in the model. If the bands have no names, all bands are used in their order, and the log lists the pairs. The log warns if the scene looks shifted or scaled, if its bands seem to be in another order, or if it differs from what the model was fitted on.</source>
            <translation>用模型的类别为一景影像分类，使其分类图与模型训练影像的分类图一致。
影像必须具有模型的波段，且单位相同。如果没有选择波段，则按模型中保存的名称查找；如果波段没有名称，则按顺序使用所有波段，并在日志中列出对应关系。如果影像的值似乎有偏移或缩放、波段顺序似乎不同，或影像与模型的训练数据不同，日志会给出警告。</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>{scene}: the bands are paired with the model's bands by position, not by name: {pairs}. If that is wrong, choose the bands</source>
            <translation>{scene}：波段是按位置而不是按名称与模型的波段对应的：{pairs}。如果不对，请自行选择波段</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>{scene}: the samples are converted to those of the model with the scale and offset of both: {bands}</source>
            <translation>{scene}：已按影像与模型各自的缩放系数和偏移量，把像元值换算为模型的像元值：{bands}</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Compared with the training pixels, the bands have shifted by {moved:.2f} standard deviations on average. {far} of the pixels are farther from their class than 99 % of the training pixels. Shift of each band:</source>
            <translation>与训练像元相比，各波段平均移动了 {moved:.2f} 个标准差。{far} 的像元到其类别的距离大于 99 % 的训练像元。各波段的移动：</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>band</source>
            <translation>波段</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>median</source>
            <translation>中位数</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>standard deviations</source>
            <translation>标准差</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Reading and summarising the pixels</source>
            <translation>正在读取并汇总像元</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Clustering</source>
            <translation>正在聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Refining the class centres</source>
            <translation>正在精化类别中心</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing the classes</source>
            <translation>正在写出类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing the merged classes</source>
            <translation>正在写出合并后的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Filtering: each pixel takes the most frequent class around it</source>
            <translation>正在滤波：每个像元取其周围出现最多的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Sieving: small patches take the class of their largest neighbour</source>
            <translation>正在筛除：小图斑并入相邻最大图斑的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Measuring the classes</source>
            <translation>正在统计各类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing polygons</source>
            <translation>正在写出多边形</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Drawing the report</source>
            <translation>正在绘制报告</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Stack bands of several files</source>
            <translation>将多个文件的波段叠加为一个图层</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>merge bands</source>
            <translation>合并波段</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Landsat</source>
            <translation>Landsat</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>JP2</source>
            <translation>JP2</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>resample</source>
            <translation>重采样</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Makes one layer of the bands of several files, such as the JP2 files of 10, 20 and 60 m of a Sentinel-2 scene or the bands of a Landsat scene.
Bands without a name are named after their files, such as B08 if that is in the file's name. All bands are resampled to the pixel size of the finest band, over the area that all of them cover. The layer is a small virtual raster that reads the files: keep them where they are.</source>
            <translation>把多个文件的波段合成一个图层，例如一景 Sentinel-2 影像的 10、20 和 60 米 JP2 文件，或一景 Landsat 影像的各波段。
没有名称的波段按文件命名，例如文件名中含有 B08 时为 B08。所有波段在共同覆盖的范围内重采样到最精细波段的像元大小。该图层是一个小的虚拟栅格，直接读取这些文件：请不要移动它们。</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>Names and colours from a layer</source>
            <translation>从图层获取名称和颜色</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>style</source>
            <translation>样式</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>legend</source>
            <translation>图例</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>symbology</source>
            <translation>符号化</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>colour</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>color</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>Saves the names and colours of classes, as edited in a layer's symbology, in a new model.
Maps that are made with the new model have them, too. The layer must be a map of the model's classes, shown as Paletted/Unique values.</source>
            <translation>把在图层符号化中编辑过的类别名称和颜色保存到新模型中。
用新模型生成的分类图也会带有这些名称和颜色。该图层必须是用此模型的类别生成的分类图，并以“调色板/唯一值”方式显示。</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>QGIS cannot load {} as a raster layer; choose another raster</source>
            <translation>QGIS 无法将 {} 加载为栅格图层；请另选一个栅格</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>the layer has the value {value:g}, and the values of the model are 1 to {largest}; choose the model that the map was made with</source>
            <translation>图层中有值 {value:g}，而模型的值是 1 到 {largest}；请选择生成该分类图的模型</translation>
        </message>
        <message>
            <location filename="../explorer/charts.py" />
            <source>Signatures of the classes</source>
            <translation>各类别的光谱特征曲线</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Pick classes on the map (Ctrl: several)</source>
            <translation>在地图上选取类别（按住 Ctrl 可选多个）</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Merge the picked classes</source>
            <translation>合并选中的类别</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Take the merged class apart</source>
            <translation>拆分已合并的类别</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Show the picked classes only</source>
            <translation>只显示选中的类别</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Redo</source>
            <translation>重做</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Colours</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>Like the scene</source>
            <translation>与影像相近</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>merge classes</source>
            <translation>合并类别</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>take a class apart</source>
            <translation>拆分类别</translation>
        </message>
        <message>
            <location filename="../explorer/classes_box.py" />
            <source>colour the classes</source>
            <translation>设置类别颜色</translation>
        </message>
        <message>
            <location filename="../explorer/explorer.py" />
            <source>bandcluster explorer: {}</source>
            <translation>bandcluster 探索器：{}</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Silhouette</source>
            <translation>轮廓系数</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Davies-Bouldin (lower is better)</source>
            <translation>Davies-Bouldin 指数（越低越好）</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Stability</source>
            <translation>稳定性</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Calinski-Harabasz</source>
            <translation>Calinski-Harabasz 指数</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>BIC (lower is better)</source>
            <translation>BIC（越低越好）</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>The measure that the curve shows</source>
            <translation>曲线所显示的指标</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Recommended: {number} classes (certainty: {certainty})</source>
            <translation>推荐：{number} 类（把握程度：{certainty}）</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>This algorithm finds the number of classes itself.</source>
            <translation>该算法自行确定类别数。</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Each seed is a class. Numbers of classes are not compared.</source>
            <translation>每个种子为一个类别。不比较类别数。</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>Numbers of classes are compared only for K-means and Gaussian mixtures without further options.</source>
            <translation>仅对不带附加选项的 K均值和高斯混合比较各类别数。</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <source>The numbers of classes are compared when all are fitted.</source>
            <translation>全部计算完成后比较各类别数。</translation>
        </message>
        <message>
            <location filename="../explorer/number.py" />
            <location filename="../explorer/view_box.py" />
            <source>{number} classes</source>
            <translation>{number} 类</translation>
        </message>
        <message>
            <location filename="../explorer/panel.py" />
            <location filename="../plugin.py" />
            <source>bandcluster explorer</source>
            <translation>bandcluster 探索器</translation>
        </message>
        <message>
            <location filename="../explorer/pixels.py" />
            <location filename="../explorer/search_form.py" />
            <location filename="../explorer/seeds_box.py" />
            <location filename="../parameters/search.py" />
            <source>Seeds</source>
            <translation>种子</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Write the map…</source>
            <translation>写出分类图…</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Opens the algorithm that writes the map of the whole scene, with its settings filled in</source>
            <translation>打开写出整景分类图的算法，并填好各项设置</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Apply the classes to another scene…</source>
            <translation>将这些类别应用于另一景影像…</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Save the explorer's state…</source>
            <translation>保存探索器状态…</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Open a saved state…</source>
            <translation>打开已保存的状态…</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Save the seeds</source>
            <translation>保存种子</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>GeoPackages (*.gpkg)</source>
            <translation>GeoPackage (*.gpkg)</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Save the explorer's state</source>
            <translation>保存探索器状态</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Save the model of the classes</source>
            <translation>保存类别的模型</translation>
        </message>
        <message>
            <location filename="../explorer/results_box.py" />
            <source>Open a saved state</source>
            <translation>打开已保存的状态</translation>
        </message>
        <message>
            <location filename="../explorer/saved.py" />
            <source>states of the explorer (*.explorer.json)</source>
            <translation>探索器状态 (*.explorer.json)</translation>
        </message>
        <message>
            <location filename="../explorer/saved.py" />
            <source>{path} cannot be written: {why}; check the space and permissions</source>
            <translation>无法写入 {path}：{why}；请检查磁盘空间和权限</translation>
        </message>
        <message>
            <location filename="../explorer/saved.py" />
            <source>{} is not a saved state of the explorer; choose a file that the explorer has saved</source>
            <translation>{} 不是探索器保存的状态；请选择由探索器保存的文件</translation>
        </message>
        <message>
            <location filename="../explorer/saved.py" />
            <source>the scene {} cannot be opened; check its path</source>
            <translation>无法打开影像 {}；请检查其路径</translation>
        </message>
        <message>
            <location filename="../explorer/scene.py" />
            <source>the layer {} has no bands of real numbers; choose another layer</source>
            <translation>图层 {} 没有实数型波段；请选择其他图层</translation>
        </message>
        <message>
            <location filename="../explorer/scene.py" />
            <source>the layer {} has no pixels; choose another layer</source>
            <translation>图层 {} 没有像元；请选择其他图层</translation>
        </message>
        <message>
            <location filename="../explorer/scene.py" />
            <source>the layer {} cannot be read: {}</source>
            <translation>无法读取图层 {}：{}</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>The bands by which pixels are compared</source>
            <translation>用于比较像元的波段</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Scene</source>
            <translation>影像</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../widgets/bands.py" />
            <source>Bands</source>
            <translation>波段</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Algorithm</source>
            <translation>算法</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Z-score</source>
            <translation>Z-score 标准化</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Euclidean</source>
            <translation>欧氏距离</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Spectral angle</source>
            <translation>光谱角</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>such as 1, 2, 1, 1</source>
            <translation>例如 1, 2, 1, 1</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>How much each band counts in distances: a number above 0 for each chosen band, separated by commas; empty: all count equally</source>
            <translation>计算距离时各波段所占的分量：每个所选波段一个大于 0 的数，以逗号分隔；留空：各波段同等计入</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>such as linkage=average</source>
            <translation>例如 linkage=average</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Further options of the algorithm, by scikit-learn's names, separated by commas</source>
            <translation>算法的其他选项，使用 scikit-learn 的名称，用逗号分隔</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Scaling</source>
            <translation>缩放</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Metric</source>
            <translation>距离度量</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../parameters/search.py" />
            <source>Band weights</source>
            <translation>波段权重</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Starts</source>
            <translation>初始化次数</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>Options</source>
            <translation>选项</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>How classes are found</source>
            <translation>类别的提取方式</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../failures.py" />
            <source>{}: {} band weights are given for {} bands: give one for each band, in the order of the bands</source>
            <translation>{}：给出了 {} 个波段权重，而波段有 {} 个：请按波段顺序为每个波段各给一个</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>band weights {}</source>
            <translation>波段权重 {}</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <location filename="../explorer/seeds_box.py" />
            <location filename="../parameters/search.py" />
            <source>Keep the means of the seeds</source>
            <translation>保持种子的均值不变</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>All</source>
            <translation>全部</translation>
        </message>
        <message>
            <location filename="../explorer/search_form.py" />
            <source>All {}</source>
            <translation>全部 {} 个</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>The class of the next seeds that you click on the map</source>
            <translation>接下来在地图上点击的种子所属的类别</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Click pixels of this class on the map</source>
            <translation>在地图上点击该类别的像元</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Seeds of another class</source>
            <translation>另一个类别的种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Remove the chosen seeds</source>
            <translation>移除所选种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>From a layer…</source>
            <translation>取自图层…</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Use the points or polygons of a layer as seeds; a field can give their names</source>
            <translation>用图层的点或多边形作为种子；可由一个字段给出名称</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Centres do not move: each pixel gets the class of the nearest seed</source>
            <translation>中心不移动：每个像元归入最近种子的类别</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>there is no pixel of the scene at this point; click on the scene</source>
            <translation>此处没有影像像元；请在影像上点击</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>add a seed</source>
            <translation>添加种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>take the seeds of a layer</source>
            <translation>取用图层中的种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Seeds ({})</source>
            <translation>种子（{}）</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>remove seeds</source>
            <translation>移除种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>keep the means of the seeds</source>
            <translation>保持种子的均值不变</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>rename a seed</source>
            <translation>重命名种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <location filename="../explorer/table.py" />
            <source>Class</source>
            <translation>类别</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Points, polygons</source>
            <translation>点、多边形</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Seeds from a layer</source>
            <translation>取自图层的种子</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Selected features only</source>
            <translation>仅所选要素</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <location filename="../parameters/search.py" />
            <source>Features with the same value in this field are one seed, with this name. Empty: each feature is one.</source>
            <translation>此字段值相同的要素为同一个种子，并以该值命名。留空：每个要素为一个种子。</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Layer</source>
            <translation>图层</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>Field with the names</source>
            <translation>名称字段</translation>
        </message>
        <message>
            <location filename="../explorer/seeds_box.py" />
            <source>seed {}</source>
            <translation>种子 {}</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Reading all pixels</source>
            <translation>正在读取全部像元</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Fitting every number of classes</source>
            <translation>正在计算每一种类别数</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Measuring every number of classes</source>
            <translation>正在评价每一种类别数</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Refining the classes over all pixels</source>
            <translation>正在用全部像元细化类别</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Go on</source>
            <translation>继续</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Choose a raster layer. Its classes are shown over the map; they are not a layer of the project.</source>
            <translation>请选择一个栅格图层。类别显示在地图之上，并不是工程中的图层。</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Reading the scene…</source>
            <translation>正在读取影像…</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>A first look, at {} of the pixels.</source>
            <translation>初步结果，依据 {} 的像元。</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Classes of all pixels; they are still being refined.</source>
            <translation>依据全部像元的类别，仍在细化。</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>Classes of all pixels, as the map will have them.</source>
            <translation>依据全部像元的类别，与将写出的分类图一致。</translation>
        </message>
        <message>
            <location filename="../explorer/state_box.py" />
            <source>The map is filled as its pixels are read: {}.</source>
            <translation>地图随像元的读取逐步填充：{}。</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Share</source>
            <translation>占比</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Area</source>
            <translation>面积</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>show a class</source>
            <translation>显示类别</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>hide a class</source>
            <translation>隐藏类别</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>rename a class</source>
            <translation>重命名类别</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>&lt; 0.1 %</source>
            <translation>&lt; 0.1 %</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>{} %</source>
            <translation>{} %</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Click to choose a colour</source>
            <translation>单击以选择颜色</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Merged from {} classes</source>
            <translation>由 {} 个类别合并而成</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>recolour a class</source>
            <translation>更改类别颜色</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Colour…</source>
            <translation>颜色…</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>Show all</source>
            <translation>全部显示</translation>
        </message>
        <message>
            <location filename="../explorer/table.py" />
            <source>show all classes</source>
            <translation>显示所有类别</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Show the classes on the map</source>
            <translation>在地图上显示类别</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Opacity of the classes</source>
            <translation>类别的不透明度</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Another scene with the same bands, shown with the same classes</source>
            <translation>波段相同的另一景影像，用同样的类别显示</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Drag the line on the map: the classes are on its left, what you choose here is on its right</source>
            <translation>拖动地图上的分隔线：左侧是当前类别，右侧是此处所选的比较对象</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Keep these classes to compare others with them</source>
            <translation>保留当前类别，以便与其他结果比较</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Opacity</source>
            <translation>不透明度</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Compare with</source>
            <translation>比较对象</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Show also on</source>
            <translation>同时显示于</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>Nothing</source>
            <translation>不比较</translation>
        </message>
        <message>
            <location filename="../explorer/view_box.py" />
            <source>The scene</source>
            <translation>影像本身</translation>
        </message>
        <message>
            <location filename="../explorer/writing.py" />
            <source>the merged classes are still being refined; wait until the panel says that they are done</source>
            <translation>合并后的类别仍在细化；请等到面板显示完成</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is {}: give a number from {} to {}</source>
            <translation>{}为 {}：请给出 {} 到 {} 之间的数</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is {}: give a number</source>
            <translation>{}为 {}：请给出一个数</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is missing: give it</source>
            <translation>缺少{}：请给出</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} and {} cannot both be given: choose one</source>
            <translation>{}和{}不能同时给出：请选择其一</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} and {} go together: give both, or none</source>
            <translation>{}和{}须一并给出：请都给出，或都不给</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{}: there are {} colours for {} classes: give one for each</source>
            <translation>{}：有 {} 种颜色，而类别有 {} 个：请为每个类别给出一种颜色</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{}: band {} is given twice; give each once</source>
            <translation>{}：波段 {} 给出了两次；每个波段只给一次</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} gives {} numbers for {} bands: give one for each, or one for all</source>
            <translation>{}给出了 {} 个数，而波段有 {} 个：请为每个波段各给一个，或所有波段共用一个</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{}: a band weight is {}: give numbers above 0 (from 1e-9 to 1e9; to leave a band out, do not choose it)</source>
            <translation>{}：有一个波段权重为 {}：请给出大于 0 的数（1e-9 到 1e9；若不用某个波段，不选它即可）</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} spectral_angle does not go with {}: angles are those of the spectra as they are; choose metric euclidean, or give no weights</source>
            <translation>{}“光谱角”不能与{}同用：夹角取自原本的光谱；请选择“欧氏距离”，或不给权重</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} spectral_angle does not go with {} zscore: angles are those of spectra from 0, which z-scores move; choose scaling none</source>
            <translation>{}“光谱角”不能与{}“Z-score 标准化”同用：光谱的夹角以 0 为起点，而标准化会移动它；请选择不缩放（“无”）</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is not an option of {}: leave it out, or choose another algorithm</source>
            <translation>{}不是 {} 的选项：请不要设置它，或选择其他算法</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is not an option of {} (a mixture measures each class by its own spread, so weights change nothing): leave it out, or choose another algorithm</source>
            <translation>{}不是 {} 的选项（混合模型按各类别自身的离散程度度量，权重不起作用）：请不要设置它，或选择其他算法</translation>
        </message>
        <message>
            <location filename="../failures.py" />
            <source>{} is given, and {} does not start from centres: leave it out, or choose kmeans</source>
            <translation>给出了{}，而 {} 不从给定的中心开始：请不要设置它，或选择 K均值</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>For a Sentinel-2 product as downloaded: makes one layer of its bands, without clouds if you like.</source>
            <translation>用于下载得到的 Sentinel-2 产品：把它的波段合成一个图层，需要时可去除其中的云。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>For bands in separate files, also with different pixel sizes: makes one layer of them.</source>
            <translation>用于各波段分别在不同文件中的影像，像元大小也可以不同：把它们合成一个图层。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>How many classes are there in the scene? Tries several numbers on all pixels and recommends one.</source>
            <translation>影像应分为几类？用全部像元尝试多个类别数，并推荐其中一个。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>The main step: finds the classes and makes a map of them. Save a report to see what each class is, and the model to use the classes again.</source>
            <translation>主要步骤：找出类别并生成分类图。可保存报告以了解各类别是什么，保存模型以便再次使用这些类别。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Merges classes that are the same on the ground, and names classes, in the model and in the map.</source>
            <translation>合并在地面上属于同一类的类别，并为类别命名，作用于模型和分类图。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Saves names and colours that you have set in the layer's symbology in the model.</source>
            <translation>把在图层符号化中设置的名称和颜色保存到模型中。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Gives the same classes to a neighbouring scene, or to next year's scene, and warns if they do not fit.</source>
            <translation>把相同的类别应用于相邻影像或下一年的影像；若不适用则给出警告。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Finds classes in several scenes at once, for a mosaic whose parts match.</source>
            <translation>从多景影像中一次性提取类别，使镶嵌图各部分一致。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Pixels are compared by their values in all bands: choose the bands that separate your classes, and leave out others.</source>
            <translation>像元按其在所有波段的值进行比较：请选择能区分类别的波段，去掉其他波段。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Nodata and masked pixels stay nodata (0). Clouds become classes of their own unless a mask leaves them out.</source>
            <translation>无数据像元和被掩膜的像元保持为无数据 (0)。若不用掩膜排除，云会单独成为类别。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>The same input, settings and seed give the same map, on any computer.</source>
            <translation>输入、设置和随机种子相同，在任何计算机上得到的分类图都相同。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Every algorithm can be run as a batch process, in the model designer, and with qgis_process.</source>
            <translation>每个算法都可以批量运行，也可以在模型设计器和 qgis_process 中运行。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <location filename="../plugin.py" />
            <source>bandcluster: first steps</source>
            <translation>bandcluster：入门</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>From a satellite image to a map of classes</source>
            <translation>从卫星影像到分类图</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Open a scene with several bands. Then, from here or from the Processing toolbox:</source>
            <translation>打开一景多波段影像，然后从这里或从处理工具箱运行：</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Good to know</source>
            <translation>须知</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>This page is in the menu Help, Plugins.</source>
            <translation>本页可从菜单“帮助 &gt; 插件”中再次打开。</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>there is no layer {} for the area of interest; choose a layer of polygons</source>
            <translation>没有可作感兴趣区的图层 {}；请选择多边形图层</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>the area of interest {area} has {count} features and no polygons; choose a layer of polygons, and select some if only selected ones are to be used</source>
            <translation>感兴趣区 {area} 有 {count} 个要素，但没有多边形；请选择多边形图层；如果只使用选中的要素，请先选中一些</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>the area of interest cannot be written to {path}: {why}</source>
            <translation>无法把兴趣区写入 {path}：{why}</translation>
        </message>
        <message>
            <location filename="../layers/legend.py" />
            <source>the layer {} is not shown as Paletted/Unique values; choose that in its symbology</source>
            <translation>图层 {} 不是以“调色板/唯一值”方式显示的；请在其符号化中选择这种方式</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the layers have different no-data values of their own; set the no-data value (NODATA) for all of them</source>
            <translation>各图层设定的无数据值不同；请为所有图层设定无数据值（NODATA）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the bands of {} have different no-data settings in the layer; set the no-data value (NODATA)</source>
            <translation>图层 {} 各波段的无数据设定不同；请设定无数据值（NODATA）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the layer {layer} has several no-data values ({values}), and only one for each band can be used; set it (NODATA), or write the layer with one (Translate)</source>
            <translation>图层 {layer} 有多个无数据值（{values}），而每个波段只能使用一个；请设定无数据值（NODATA），或把图层另存为只有一个无数据值的文件（转换工具 Translate）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>No-data value: '{}' is not a number; give a number such as 0, or one for each band, separated by commas</source>
            <translation>无数据值：“{}”不是数；请给出一个数（如 0），或以逗号分隔为每个波段各给一个</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>{}: nothing is chosen; choose a raster</source>
            <translation>{}：没有选择任何内容；请选择栅格</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>there is no file or layer {}; choose an existing raster</source>
            <translation>没有名为 {} 的文件或图层；请选择存在的栅格</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>{} is not a raster layer; choose a raster layer or file</source>
            <translation>{} 不是栅格图层；请选择栅格图层或文件</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>the layer {layer} comes from '{provider}', and only what GDAL reads can be used; export the layer to a GeoTIFF first</source>
            <translation>图层 {layer} 来自“{provider}”，而这里只能使用 GDAL 可读取的数据；请先把该图层导出为 GeoTIFF</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>there is no layer {} for the seeds; choose a layer of points or polygons</source>
            <translation>没有用作种子的图层 {}；请选择点图层或多边形图层</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>the layer of seeds, {}, has no features to use; draw some, or select some</source>
            <translation>种子图层 {} 没有可用的要素；请绘制或选中一些要素</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>feature {number} of {layer} has no place in the scene's coordinate reference system; move it to the scene, or remove it</source>
            <translation>{layer} 的要素 {number} 在影像的坐标参考系中没有位置；请将其移到影像范围内，或删除</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>a temporary file</source>
            <translation>临时文件</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>the seeds cannot be written to {path}: {why}</source>
            <translation>种子无法写入 {path}：{why}</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>feature {number} of {layer} has no value in the field {field}, which names its seed; give it one, or choose another field</source>
            <translation>{layer} 的要素 {number} 在用于命名种子的字段 {field} 中没有值；请填写，或选择其他字段</translation>
        </message>
        <message>
            <location filename="../layers/seeds.py" />
            <source>the layer of seeds has no field {name}; choose one of {names}</source>
            <translation>种子图层没有字段 {name}；请从 {names} 中选择</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The file of a model (.json) that 'Cluster a scene' or 'Find classes' has written.</source>
            <translation>由“影像聚类”或“提取类别”写出的模型文件 (.json)。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Like this model</source>
            <translation>沿用此模型</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A model that was fitted earlier on the same bands. Each new class gets the number, name and colour of the class of that model that is most like it, so that maps keep their legend. Classes that are new get the numbers after those. The number of a class that is not found again stays free. The log lists the pairs.</source>
            <translation>先前在相同波段上得到的模型。每个新类别采用该模型中与之最相似的类别的编号、名称和颜色，使分类图的图例保持不变。全新的类别编号排在其后；未再找到的类别的编号空着。日志列出对应关系。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Classes to merge</source>
            <translation>要合并的类别</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The name of the merged class and the values of the classes to merge: water=1,3. Several groups are separated by semicolons: water=1,3; crops=2,5. A single value gives a class a name: forest=4. Other classes are not changed.</source>
            <translation>合并后类别的名称，以及要合并的类别的值：water=1,3。多组之间用分号分隔：water=1,3; crops=2,5。只给一个值则仅为该类别命名：forest=4。其他类别不变。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Map of the old classes</source>
            <translation>旧分类图</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A map that was made with the model. It is relabelled; the scene is not needed.</source>
            <translation>用该模型生成的分类图，将被改写为新的类别；不需要影像。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>New map of the merged classes</source>
            <translation>合并后的新分类图</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The map with the new values: 1 is the largest class, 0 is nodata. A GeoTIFF with colours and names.</source>
            <translation>采用新值的分类图：1 为最大的类别，0 为无数据。GeoTIFF 格式，带有颜色和名称。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Styled layer</source>
            <translation>设好样式的图层</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A map of the model's classes, whose symbology (Paletted/Unique values) has the new names and colours.</source>
            <translation>用该模型的类别生成的分类图，其符号化（“调色板/唯一值”）中有新的名称和颜色。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Number of classes in the new model</source>
            <translation>新模型的类别数</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The new value of each old value, such as 1=2,2=1,3=2</source>
            <translation>每个旧值对应的新值，例如 1=2,2=1,3=2</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Maximum distance from the class</source>
            <translation>到类别的最大距离</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Pixels farther than this from their class are unclassified: they get a label of their own. The distance is in the units of the bands, or in standard deviations if the bands are scaled. Not set: every pixel gets the nearest class.</source>
            <translation>到其类别的距离大于此值的像元为未分类像元，有单独的标签。距离以波段的单位计；若对波段作了缩放，则以标准差计。不设置：每个像元都归入最近的类别。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Unclassified beyond quantile</source>
            <translation>超出此分位数为未分类</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Each class gets a maximum distance of its own: this share of its training pixels lies within it. With 0.99, pixels farther away than 99 % of the training pixels are unclassified.</source>
            <translation>每个类别有各自的最大距离：其训练像元中有此比例的像元在该距离之内。取 0.99 时，比 99 % 的训练像元更远的像元为未分类像元。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Colours of the classes</source>
            <translation>类别颜色</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>One colour for each class, starting with the largest: darkgreen,#0000ff,khaki. Or palette:NAME for any number of classes: okabe-ito, tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis, turbo. Empty: the colours of the scene, or of the model.</source>
            <translation>每个类别一种颜色，从最大的类别开始：darkgreen,#0000ff,khaki。也可以用 palette:名称，适用于任意类别数：okabe-ito、tol-bright、tol-muted、tab10、set2、paired、viridis、plasma、cividis、turbo。留空：使用影像或模型的颜色。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Majority filter window (pixels)</source>
            <translation>多数滤波窗口（像元）</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Every pixel gets the most frequent class in a window of this size around it. The size is an odd number, such as 3. 0: no filter.</source>
            <translation>每个像元取其周围此大小的窗口中出现最多的类别。大小为奇数，例如 3。0：不滤波。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Sieve: minimum size of a patch (pixels)</source>
            <translation>筛除：图斑的最小大小（像元）</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Patches with fewer pixels get the class of their largest neighbour. The majority filter is applied before. 0: no sieve.</source>
            <translation>像元数更少的图斑并入其最大的相邻类别，在多数滤波之后进行。0：不筛除。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Creation options</source>
            <translation>创建选项</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>GDAL's creation options of the map, such as COMPRESS=ZSTD|BLOCKXSIZE=256. Those that would change its values, colours or georeference are refused. Empty: tiled, compressed by DEFLATE.</source>
            <translation>地图文件的 GDAL 创建选项，例如 COMPRESS=ZSTD|BLOCKXSIZE=256。会改变像元值、颜色或地理参考的选项会被拒绝。留空：分块存储，用 DEFLATE 压缩。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Polygons of the map</source>
            <translation>分类图的多边形</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>The patches of the map as polygons, with the value, name, area in hectares and colour of their class.</source>
            <translation>分类图的图斑，以多边形表示，带有所属类别的值、名称、以公顷计的面积和颜色。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Virtual rasters (*.vrt)</source>
            <translation>虚拟栅格 (*.vrt)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Product</source>
            <translation>产品</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Sentinel-2 products (MTD_MSIL1C.xml MTD_MSIL2A.xml *.zip *.ZIP)</source>
            <translation>Sentinel-2 产品 (MTD_MSIL1C.xml MTD_MSIL2A.xml *.zip *.ZIP)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>All files (*)</source>
            <translation>所有文件 (*)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The zip as downloaded, or the file MTD_MSIL1C.xml or MTD_MSIL2A.xml in a .SAFE folder. The name of the folder can be typed, too.</source>
            <translation>下载得到的 zip 压缩包，或 .SAFE 文件夹中的 MTD_MSIL1C.xml 或 MTD_MSIL2A.xml 文件；也可以直接输入文件夹的名称。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Bands (none chosen: the 10 m bands)</source>
            <translation>波段（不选：10 米波段）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The names of the bands, in the order wanted, separated by commas, such as B04,B03,B02,B08,B11. None chosen: B02, B03, B04 and B08.</source>
            <translation>按所需顺序给出波段名称，以逗号分隔，例如 B04,B03,B02,B08,B11。不选：B02、B03、B04 和 B08。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Pixel size (m)</source>
            <translation>像元大小（米）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The pixel size that all bands are resampled to, in metres. Not set: the pixel size of the finest band. Coarser bands are interpolated, finer bands are averaged.</source>
            <translation>所有波段重采样到的像元大小，以米为单位。不设置：采用最精细波段的像元大小。较粗的波段内插，较细的波段取平均。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The bands as one layer: a virtual raster (.vrt) that refers to the files of the product.</source>
            <translation>由各波段组成的一个图层：虚拟栅格 (.vrt)，指向产品的文件。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Files of bands</source>
            <translation>波段文件</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The layers or files whose bands are wanted, in this order: all bands of each file, and the 10 m bands of a Sentinel-2 product. Pixel sizes may differ. All files must cover the same area in the same coordinate reference system.</source>
            <translation>需要其波段的图层或文件，按此顺序：每个文件的所有波段，Sentinel-2 产品则为其 10 米波段。像元大小可以不同。所有文件必须以相同的坐标参照系覆盖同一区域。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Pixel size (units of the coordinate reference system)</source>
            <translation>像元大小（坐标参照系单位）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The pixel size that all bands are resampled to, usually in metres. Not set: the pixel size of the finest band. Coarser bands are interpolated, finer bands are averaged.</source>
            <translation>所有波段重采样到的像元大小，通常以米为单位。不设置：采用最精细波段的像元大小。较粗的波段内插，较细的波段取平均。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <location filename="../parameters/scenes.py" />
            <source>Leave out clouds (SCL)</source>
            <translation>排除云（SCL）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Uses the scene classification of Sentinel-2 L2A as a mask and not as a band: leaves out clouds, cloud shadows, cirrus, saturated pixels and pixels without data. The classification must be among the files (..._SCL_20m.jp2) or in a product.</source>
            <translation>把 Sentinel-2 L2A 的场景分类用作掩膜而不是波段：排除云、云影、卷云、饱和像元和无数据像元。场景分类必须在这些文件之中（..._SCL_20m.jp2）或在产品中。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The bands as one layer: a virtual raster (.vrt) that refers to the files.</source>
            <translation>由各波段组成的一个图层：虚拟栅格 (.vrt)，指向这些文件。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>New scene</source>
            <translation>新影像</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Map of classes</source>
            <translation>分类图</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The class of each pixel: 1 is the largest class, 0 is nodata. A GeoTIFF with colours, class names and areas.</source>
            <translation>每个像元的类别：1 为最大的类别，0 为无数据。GeoTIFF 格式，带有颜色、类别名称和面积。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Map of confidence</source>
            <translation>置信度图</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>How sure the class of each pixel is: from 0, where another class is just as near, to 1, in the centre of the class. A GeoTIFF.</source>
            <translation>每个像元的类别有多可靠：从 0（另一类别同样近）到 1（位于类别中心）。GeoTIFF 格式。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>New model</source>
            <translation>新模型</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The model as a JSON file. 'Apply classes' gives other scenes the same classes with it.</source>
            <translation>JSON 文件形式的模型。“应用类别”可用它把相同的类别应用于其他影像。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Folder for maps of the scenes</source>
            <translation>各景影像分类图的文件夹</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>A map of each scene, named after it: SCENE.tif. The classes are the same in all maps, so that they can be put together as a mosaic.</source>
            <translation>每景影像一幅分类图，按影像命名：SCENE.tif。各图的类别相同，因此可以镶嵌在一起。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Load the maps of the scenes</source>
            <translation>加载各影像的分类图</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Adds the maps in the folder for maps to the project.</source>
            <translation>把分类图文件夹中的分类图添加到工程。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The maps of the scenes</source>
            <translation>各影像的分类图</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>An HTML page with charts of the measures.</source>
            <translation>带有各指标图表的 HTML 页面。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>An HTML page: the map, the classes with their spectral signatures, which classes are hard to tell apart, and how to repeat the run.</source>
            <translation>HTML 页面：分类图、各类别及其光谱特征、哪些类别难以区分，以及如何重复本次运行。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Memory (MiB)</source>
            <translation>内存（MiB）</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The memory that the run may use, in MiB. With more memory large scenes are faster. With less memory the summary of the pixels is coarser, which may change the classes a little.</source>
            <translation>运行可使用的内存，单位 MiB。内存较多时大影像处理更快；内存较少时像元的汇总较粗，类别可能略有变化。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Inertia: sum of the squared distances of the pixels to the mean of their class</source>
            <translation>惯量（簇内平方和）：像元到其类别均值的距离平方和</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Number of iterations</source>
            <translation>迭代次数</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Recommended number of classes</source>
            <translation>推荐的类别数</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Number of valid pixels</source>
            <translation>有效像元数</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Drift: mean shift of the bands from the training pixels, in standard deviations</source>
            <translation>漂移：各波段相对训练像元的平均移动量，以标准差计</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>HTML files (*.html)</source>
            <translation>HTML 文件 (*.html)</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>bandcluster models (*.json)</source>
            <translation>bandcluster 模型 (*.json)</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Input raster</source>
            <translation>输入栅格</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The scene: a raster with one or more bands, of any type and size. Its nodata values and mask are used. A Sentinel-2 product (its .SAFE folder, zip or MTD_MSIL...xml) can be given, too: its 10 m bands are used, or the bands that a model asks for by name. 'Open a Sentinel-2 product' shows a product and offers its other bands.</source>
            <translation>影像：具有一个或多个波段的栅格，类型和大小不限。使用其无数据值和掩膜。也可以给出 Sentinel-2 产品（.SAFE 文件夹、zip 或 MTD_MSIL...xml）：使用其 10 米波段，或模型按名称要求的波段。“打开 Sentinel-2 产品”可显示产品，并提供其他波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Input rasters</source>
            <translation>输入栅格（可多个）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>One or more scenes; the classes are found in all of them together. Their sizes may differ. Sentinel-2 products (.SAFE folder, zip or MTD_MSIL...xml) can be given, too: their 10 m bands are used.</source>
            <translation>一景或多景影像；类别由所有影像一并得出。大小可以不同。也可以给出 Sentinel-2 产品（.SAFE 文件夹、zip 或 MTD_MSIL...xml）：使用其 10 米波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Bands (none chosen: all)</source>
            <translation>波段（不选：全部）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The bands to use, by number or name, in this order, separated by commas: 4,3,2 or B04,B03,B02. The button lists the bands of the layer. None chosen: all bands except an alpha band.</source>
            <translation>要使用的波段，按编号或名称，依此顺序，以逗号分隔：4,3,2 或 B04,B03,B02。按钮列出图层的波段。不选：除 Alpha 波段外的所有波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Bands (none chosen: those of the model)</source>
            <translation>波段（不选：模型的波段）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The bands to use, by number or name, in the order of the model's bands, separated by commas. The button lists the bands of the layer. None chosen: the bands with the names that are stored in the model; if the bands have no names, all bands in their order, except an alpha band.</source>
            <translation>要使用的波段，按编号或名称，依模型波段的顺序，以逗号分隔。按钮列出图层的波段。不选：具有模型中所存名称的波段；如果波段没有名称，则按顺序使用除 Alpha 波段外的所有波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>No-data value</source>
            <translation>无数据值</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The value that marks pixels without data, such as 0 or -9999: one number for all bands, or one for each band, separated by commas; none for a band without such a value. Empty: the values of the layer, with its additional no-data value. If the layer has none, 'Apply classes' uses those of the model.</source>
            <translation>表示像元无数据的值，如 0 或 -9999：所有波段共用一个数，或以逗号分隔为每个波段各给一个；没有这种值的波段写 none。留空：采用图层的值，包括其附加无数据值；若图层没有无数据值，“应用类别”采用模型的值。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Mask</source>
            <translation>掩膜</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>A raster of the same size: pixels where it is 0 or has no data are left out.</source>
            <translation>同样大小的栅格：值为 0 或无数据的像元不参与计算。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Masks</source>
            <translation>掩膜（可多个）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>None, or one raster for each scene, of the same size and in the same order: pixels where it is 0 or has no data are left out.</source>
            <translation>不给，或为每景影像各给一个大小相同的栅格，顺序与影像一致：值为 0 或无数据的像元不参与计算。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>For Sentinel-2 L2A products: leaves out clouds, cloud shadows, cirrus, saturated pixels and pixels without data, using the scene classification (classes 0, 1, 3, 8, 9 and 10 of the SCL band).</source>
            <translation>用于 Sentinel-2 L2A 产品：依据场景分类（SCL 波段的 0、1、3、8、9 和 10 类）排除云、云影、卷云、饱和像元和无数据像元。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Area of interest</source>
            <translation>感兴趣区</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>A polygon layer, in any coordinate reference system: pixels whose centre is in none of the polygons are left out. It applies to all scenes.</source>
            <translation>多边形图层，坐标参照系不限：中心不在任何多边形内的像元不参与计算。对所有影像都有效。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Scale</source>
            <translation>缩放系数</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The factor that samples are multiplied by before the model is applied: one number for all bands, or one for each band, separated by commas, such as 10000 for reflectance from 0 to 1. Scale and offset both empty: the scene's and the model's own scale and offset are used, if both have them. 1 and 0: samples are not changed.</source>
            <translation>应用模型之前像元值要乘的系数：所有波段共用一个数，或以逗号分隔为每个波段各给一个；例如反射率为 0 到 1 时用 10000。缩放系数和偏移量都留空：如果影像和模型都有自己的缩放系数和偏移量，则使用它们。1 和 0：像元值不变。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Offset</source>
            <translation>偏移量</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>What is added to the samples after that, such as -1000 for Sentinel-2 products of processing baseline 04.00 (since 2022) if the model was fitted on an older product.</source>
            <translation>在此之后给像元值加上的数；例如对于处理基线为 04.00（2022 年起）的 Sentinel-2 产品，而模型来自更早的产品时，用 -1000。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>K-means</source>
            <translation>K均值（K-means）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Bisecting k-means</source>
            <translation>二分K均值（Bisecting k-means）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>ISODATA</source>
            <translation>ISODATA</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Gaussian mixture</source>
            <translation>高斯混合模型（GMM）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Agglomerative</source>
            <translation>层次聚类（凝聚式）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>BIRCH</source>
            <translation>BIRCH</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>DBSCAN</source>
            <translation>DBSCAN</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>OPTICS</source>
            <translation>OPTICS</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>HDBSCAN</source>
            <translation>HDBSCAN</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Mean shift</source>
            <translation>均值漂移（Mean shift）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Spectral</source>
            <translation>谱聚类（Spectral）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Affinity propagation</source>
            <translation>近邻传播（Affinity propagation）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Number of classes</source>
            <translation>类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The number of classes to find. ISODATA starts with this number and may change it. DBSCAN, OPTICS, HDBSCAN, mean shift and affinity propagation find the number themselves and ignore this value. With seeds there are as many classes as seeds.</source>
            <translation>要得到的类别数。ISODATA 从这个数开始，并可能改变它。DBSCAN、OPTICS、HDBSCAN、均值漂移和近邻传播自行确定类别数，忽略此值。给出种子时，类别数等于种子数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How classes are found. K-means: each pixel belongs to the class whose mean is nearest. Most of the other algorithms work on a few thousand points that represent the pixels; each pixel gets the class of the nearest point.</source>
            <translation>类别如何得出。K均值：每个像元属于均值最近的类别。其他算法大多在代表像元的数千个点上运行；每个像元取最近的点的类别。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Options of the algorithm</source>
            <translation>算法选项</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Further options of the chosen algorithm, by scikit-learn's names, separated by commas, such as: linkage=average, n_representatives=3000. The page that the Help button opens lists them.</source>
            <translation>所选算法的其他选项，采用 scikit-learn 的名称，以逗号分隔，例如：linkage=average, n_representatives=3000。“帮助”按钮打开的页面列出了这些选项。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>A layer of points or polygons, in any coordinate reference system, that show examples of the classes. K-means starts from the means of the pixels under them instead of searching, and the classes take their names. There are as many classes as seeds; for more, give their number under 'Options of the algorithm', such as n_clusters=8.</source>
            <translation>点图层或多边形图层（任意坐标参考系），标出各类别的样例。K均值不再搜索，而从其下像元的均值开始，类别采用种子的名称。类别数等于种子数；如需更多类别，请在“算法选项”中给出，例如 n_clusters=8。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Field with the names of the seeds</source>
            <translation>种子名称字段</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>K-means does not move the centres: each pixel gets the class of the nearest seed, as in a supervised classification by minimum distance.</source>
            <translation>K均值不移动中心：每个像元归入最近种子的类别，如同按最小距离的监督分类。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The algorithm whose numbers of classes are compared. K-means: by the measures described above. Gaussian mixture: by the Bayesian information criterion (BIC; lower is better).</source>
            <translation>要比较其类别数的算法。K均值：按上述指标比较。高斯混合：按贝叶斯信息准则（BIC，越低越好）比较。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Minimum number of classes</source>
            <translation>最小类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The smallest number of classes to try.</source>
            <translation>要尝试的最小类别数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Maximum number of classes</source>
            <translation>最大类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The largest number of classes to try. If this number is recommended, try larger ones, too.</source>
            <translation>要尝试的最大类别数。如果推荐的正是这个数，请再尝试更大的数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Scaling of the bands</source>
            <translation>波段缩放</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Z-score gives every band the same weight. Use it for bands with different units or ranges.</source>
            <translation>Z-score 标准化使每个波段的权重相同。用于单位或取值范围不同的波段。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How K-means compares pixels. Spectral angle: by the angle between their spectra, so that differences in brightness (sun, slope, shade) have no effect. It needs bands without scaling.</source>
            <translation>K均值如何比较像元。光谱角：按光谱之间的夹角比较，因此亮度差异（日照、坡度、阴影）没有影响。要求不对波段作缩放。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How much each band counts in distances: a number above 0 for each band, in the order of the bands, separated by commas, such as: 1, 2, 1, 1. The differences in the band are multiplied by it, after scaling. Not for Gaussian mixture and spectral angle. Empty: all bands count equally.</source>
            <translation>计算距离时各波段所占的分量：按波段顺序，每个波段一个大于 0 的数，以逗号分隔，例如：1, 2, 1, 1。缩放之后，该波段的差值乘以此数。不适用于高斯混合和光谱角。留空：各波段同等计入。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Number of starts</source>
            <translation>初始化次数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>K-means and bisecting k-means run this many times from different starting centres; the best result is kept.</source>
            <translation>K均值和二分K均值从不同的初始中心运行这么多次，保留最好的结果。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Random seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The same seed gives the same classes, on any computer and any number of cores.</source>
            <translation>种子相同，得到的类别就相同，与计算机和处理器核数无关。</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <location filename="../widgets/library.py" />
            <source>bandcluster: get the library</source>
            <translation>bandcluster：获取库文件</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>another bandcluster provider is registered already; disable one of the two plugins</source>
            <translation>已经注册了另一个 bandcluster 算法提供者；请停用两个插件中的一个</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>The algorithms are in the Processing toolbox.</source>
            <translation>算法在处理工具箱中。</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>First steps</source>
            <translation>入门</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>its library is not on this computer yet.</source>
            <translation>这台计算机上还没有它的库文件。</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>Get the library…</source>
            <translation>获取库文件…</translation>
        </message>
        <message>
            <location filename="../provider.py" />
            <source>bandcluster: unsupervised classification</source>
            <translation>bandcluster：非监督分类</translation>
        </message>
        <message>
            <location filename="../release.py" />
            <source>a job of bandcluster is running; wait for it or cancel it, then try again</source>
            <translation>bandcluster 有任务正在运行；请等待其结束或取消，然后重试</translation>
        </message>
        <message>
            <location filename="../release.py" />
            <source>a job of bandcluster does not end; wait for it, then try again</source>
            <translation>bandcluster 有任务尚未结束；请等待其结束，然后重试</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>{file} is for another kind of computer; choose {wanted}</source>
            <translation>{file} 适用于另一种计算机；请选择 {wanted}</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>this QGIS has no profile to keep the library in</source>
            <translation>此 QGIS 没有可以存放库文件的用户配置文件夹</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>there is no library of bandcluster for {platform}, only for {platforms}; build it from the sources, and set the environment variable BANDCLUSTER_LIBRARY to its file</source>
            <translation>bandcluster 没有适用于 {platform} 的库文件，只有适用于 {platforms} 的；请从源代码构建，并把环境变量 BANDCLUSTER_LIBRARY 设为该文件</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>bandcluster {} came without its library, which is not on this computer yet</source>
            <translation>bandcluster {} 安装时不带库文件，而这台计算机上还没有</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>choose “bandcluster: get the library” in the menu Help &gt; Plugins</source>
            <translation>请在菜单“帮助 &gt; 插件”中选择“bandcluster：获取库文件”</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>set the environment variable BANDCLUSTER_LIBRARY to its file</source>
            <translation>请把环境变量 BANDCLUSTER_LIBRARY 设为该文件</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>to fetch it, type: {}</source>
            <translation>获取方法是输入：{}</translation>
        </message>
        <message>
            <location filename="../wheels.py" />
            <source>{file} is not the wheel of bandcluster {version} that this plugin knows, or is damaged (its SHA-256 is {found}); fetch {wanted} again</source>
            <translation>{file} 不是此插件所认可的 bandcluster {version} 的 wheel 文件，或已损坏（其 SHA-256 为 {found}）；请重新获取 {wanted}</translation>
        </message>
        <message>
            <location filename="../widgets/bands.py" />
            <source>such as 4,3,2 or B04,B03,B02</source>
            <translation>例如 4,3,2 或 B04,B03,B02</translation>
        </message>
        <message>
            <location filename="../widgets/bands.py" />
            <source>QGIS cannot list the bands of {}; type their names, such as B04,B03,B02</source>
            <translation>QGIS 无法列出 {} 的波段；请输入波段名称，例如 B04,B03,B02</translation>
        </message>
        <message>
            <location filename="../widgets/bands.py" />
            <source>Mark the bands to use, and drag them into order. None marked: as if nothing was chosen.</source>
            <translation>勾选要使用的波段，并拖动以调整顺序。都不勾选：等同于不选。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>Fetch the library</source>
            <translation>下载库文件</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>Choose a file…</source>
            <translation>选择文件…</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>The library is on this computer. There is nothing to fetch.</source>
            <translation>库文件已在这台计算机上，无需下载。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>The algorithms need bandcluster's library. This plugin came without it, because QGIS's plugin repository accepts no compiled files.</source>
            <translation>算法需要 bandcluster 的库文件。此插件不带库文件，因为 QGIS 的插件库不接受编译好的文件。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>“Fetch the library” asks pip for {name}, from the package index that pip is set up for, into the folder {folder}. The plugin knows the file's SHA-256, and takes no other file. Nothing is installed into QGIS's Python.</source>
            <translation>“下载库文件”会让 pip 从它所设置的软件包索引把 {name} 下载到文件夹 {folder}。插件知道该文件的 SHA-256，不接受其他文件。不会在 QGIS 的 Python 中安装任何东西。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>No Python was found that could run pip.</source>
            <translation>没有找到可以运行 pip 的 Python。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>QGIS's network settings name a SOCKS proxy, which pip cannot use.</source>
            <translation>QGIS 的网络设置使用 SOCKS 代理，pip 不能使用这种代理。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>The wheel of bandcluster {}</source>
            <translation>bandcluster {} 的 wheel 文件</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>Wheels (*.whl)</source>
            <translation>wheel 文件 (*.whl)</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>Without a network on this computer: type the following on another one, bring the file here, and choose it with “Choose a file…”; or install the ZIP of bandcluster that has the libraries in it.</source>
            <translation>如果这台计算机没有网络：请在另一台计算机上输入下面的命令，把得到的文件复制到这里，再用“选择文件…”选择它；或者安装带有库文件的 bandcluster ZIP。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>The proxy of QGIS's network settings is used: {}.</source>
            <translation>将使用 QGIS 网络设置中的代理：{}。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>QGIS's Python has no pip. On Debian and Ubuntu, install the package python3-pip, then try again.</source>
            <translation>QGIS 的 Python 没有 pip。在 Debian 和 Ubuntu 上，请安装软件包 python3-pip，然后重试。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>pip has not found the library: the package index is out of reach, or does not have this version.</source>
            <translation>pip 没有找到库文件：无法连接软件包索引，或其中没有这个版本。</translation>
        </message>
        <message>
            <location filename="../widgets/library.py" />
            <source>pip has failed.</source>
            <translation>pip 失败了。</translation>
        </message>
    </context>
</TS>
