from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0028_left_out_left')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ChecklistDraft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(db_index=True, max_length=64)),
                ('name', fields.CharField(max_length=120)),
                ('points', ReadableJSONField()),
                ('based_on', fields.IntField(default=0)),
                ('begun_by', fields.CharField(max_length=120)),
                ('begun_at', UtcDatetimeField()),
                ('published_at', UtcDatetimeField(null=True)),
                ('dropped_at', UtcDatetimeField(null=True)),
                ('ended_by', fields.CharField(default='', max_length=120)),
            ],
            options={'table': 'checklist_draft', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Checklist',
            name='retired_at',
            field=UtcDatetimeField(null=True),
        ),
    ]
